/** The content types of the Management Activity API, in the API's words. */
export const contentTypes = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
  'DLP.All',
] as const;

/** One content type; the same strings as the product's, but owned here so that the two can disagree. */
export type ContentType = (typeof contentTypes)[number];

/** Application permission without which nothing can be read. */
export const readRole = 'ActivityFeed.Read';

/** Application permission that DLP.All needs besides. */
export const readDlpRole = 'ActivityFeed.ReadDlp';

/** The content type of this name, whatever its case, or undefined. */
export function contentTypeNamed(name: string | undefined): ContentType | undefined {
  const wanted = name?.toLowerCase();
  return contentTypes.find((type) => type.toLowerCase() === wanted);
}

/** The two parts of a content id that name its type, such as `audit_exchange$Audit_Exchange`. */
export function contentTypeInIds(type: ContentType): string {
  const name = type.replace('.', '_');
  return `${name.toLowerCase()}$${name}`;
}
