/** Words of the simulated tenants. Every text stands as it does inside a JSON string: escaped already, without quotes. */

/** Texts that break a collector which decodes, re-encodes, trims or cuts. */
export const awkwardTexts: readonly string[] = [
  'Compte rendu – réunion d’équipe (été).docx',
  '会議資料_最終版.xlsx',
  '분기 보고서 2026.pptx',
  'отчёт за квартал.pdf',
  'تقرير الميزانية.xlsx',
  '🚀 Launch plan 👩‍💻 v2.docx',
  'Ａｕｄｉｔ 𝒳𝒴 ﬁle.txt',
  'line\u2028separator and \u2029paragraph.md',
  'delete \u007f and replacement \ufffd.bin',
  String.raw`Caf\u00e9 men\u00FC \u65e5\u672c\u8a9e.pdf`,
  String.raw`\ud83d\ude80 launch \uD83D\uDC69\u200D\uD83D\uDCBB.pdf`,
  String.raw`half \ud83d pair.txt`,
  String.raw`quote \"final\" and 'single'.docx`,
  String.raw`C:\\Users\\Public\\report.txt`,
  String.raw`\\\\server\\share\\`,
  String.raw`ends in an escaped quote \"`,
  String.raw`brackets }],[{\"}]\", {\\\"a\\\":[1]}.csv`,
  String.raw`line\u2028escaped\u2029.md`,
  String.raw`tab\tnewline\nreturn\r\nform\fback\b.txt`,
  String.raw`nul\u0000inside.dat`,
  String.raw`https:\/\/contoso.sharepoint.com\/sites\/hr\/Shared%20Documents`,
  String.raw`\u003cscript\u003ealert(1)\u003c/script\u003e \u0026 \u0027more\u0027`,
  '  spaces in front and behind  ',
  '[\u00a0no-break\u00a0] , : { }',
];

/** Ordinary names of files and subjects of messages. */
export const plainTexts: readonly string[] = [
  'Budget 2026.xlsx',
  'Minutes.docx',
  'Roadmap Q3.pptx',
  'contract-final.pdf',
  'onboarding checklist.docx',
  'RE: quarterly numbers',
  'Invoice 20931.pdf',
  'travel policy.pdf',
  'standup notes.one',
  'photo_0042.jpg',
];

/** Numbers as they are written, which a number type of 64 bits or less does not keep. */
export const awkwardNumbers: readonly string[] = [
  '9223372036854775807',
  '18446744073709551615',
  '9007199254740993',
  '-9007199254740995',
  '1.0',
  '1e5',
  '1E+2',
  '-0.0',
  '0.30000000000000004',
  '123456789012345678901234567890',
];

/** Display names; half of them are not ASCII. */
export const displayNames: readonly string[] = [
  'Alice Meyer',
  'Zoë Müller',
  'José García Núñez',
  '山田 太郎',
  'Łukasz Żółć',
  String.raw`Ren\u00e9e Dupr\u00e9`,
  "Sinéad O'Brien",
  'Дмитрий Иванов',
  '김민준',
  String.raw`Robert \"Bob\" Tables`,
];

/** The part of an address before the at sign. */
export const accountNames: readonly string[] = [
  'alice.meyer',
  'zoe.mueller',
  'jose.garcia',
  't.yamada',
  'l.zolc',
  'renee.dupre',
  's.obrien',
  'd.ivanov',
  'minjun.kim',
  'bob.tables',
  'svc-backup',
  'admin',
];

/** What clients call themselves. */
export const userAgents: readonly string[] = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18129; Pro)',
  'python-requests/2.32.3',
  'BAV2ROPC',
];

/** Applications that people sign in with. */
export const applicationIds: readonly string[] = [
  '00000003-0000-0ff1-ce00-000000000000',
  '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
  'd3590ed6-52b3-4102-aeff-aad2292ab01c',
  '00000002-0000-0ff1-ce00-000000000000',
  '5e3ce6c0-2b1f-4285-8d4b-75ee78787346',
];

/** A long text for the long tail, without anything awkward in it. */
export const longText: string = Array.from(
  { length: 120 },
  (_, index) => `Paragraph ${index} of a policy that somebody pasted into a field which was never meant for it. `,
).join('');
