import { createHash } from 'node:crypto';

/** The page's only style sheet; its hash is what the page's Content-Security-Policy allows. */
export const styles = `
:root{color-scheme:light dark;--paper:#f7f7f4;--card:#fff;--ink:#1d2126;--soft:#5a626c;--line:#dcdcd6;
--ok:#1a7f4b;--quiet:#5c6f86;--behind:#9a6200;--paused:#6d48b8;--broken:#b42318;
--none:#e9e9e4;--complete:#4fae7b;--running:#a9d3bd;--waiting:#e0a63a;--aside:#c98a10;--expired:#d1483b;--unbalanced:#b03a8c;--lost:#7a1f14;--bar:#5b8fb9}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1d2226;--ink:#e8eaec;--soft:#a4adb6;--line:#343b41;
--ok:#5fcf94;--quiet:#a9bacd;--behind:#f0b84e;--paused:#b99cf5;--broken:#ff8b7e;
--none:#2a3035;--complete:#3f9467;--running:#2c5f47;--waiting:#c68a1c;--aside:#a8730b;--expired:#c24034;--unbalanced:#a3388a;--lost:#8d2b1f;--bar:#6fa5d0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:84rem;margin:0 auto;padding:1rem clamp(.75rem,3vw,2rem)}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;justify-content:space-between}
h1{font-size:1.15rem;margin:0;font-weight:600}h2{font-size:1.2rem;margin:0}h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:.25rem 0}small,.soft{color:var(--soft);font-size:.875rem}
a{color:inherit}a:focus-visible,summary:focus-visible{outline:3px solid var(--paused);outline-offset:2px;border-radius:3px}
.word{display:inline-flex;align-items:center;gap:.45em;font-weight:700;white-space:nowrap}
.word::before{content:"";width:.75em;height:.75em;border-radius:50%;background:currentColor;flex:none}
.word.quiet::before{background:none;border:.16em solid currentColor}
.word.behind::before{border-radius:0;clip-path:polygon(50% 0,100% 100%,0 100%)}
.word.paused::before{border-radius:0;background:linear-gradient(90deg,currentColor 36%,transparent 36% 64%,currentColor 64%)}
.word.broken::before{border-radius:0;clip-path:polygon(20% 0,50% 30%,80% 0,100% 20%,70% 50%,100% 80%,80% 100%,50% 70%,20% 100%,0 80%,30% 50%,0 20%)}
.ok{color:var(--ok)}.quiet{color:var(--quiet)}.behind{color:var(--behind)}.paused{color:var(--paused)}.broken{color:var(--broken)}
.overall{font-size:clamp(1.6rem,5vw,3.2rem);line-height:1.15}.overall+p{margin-bottom:1.6rem}
section.tenant{margin:0 0 2rem}.tenant>.head{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;border-bottom:2px solid var(--line);padding-bottom:.4rem;margin-bottom:.8rem}
.types{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr))}
article{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;min-width:0}
article>.head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1rem}
.remedy{border-left:3px solid currentColor;padding-left:.6rem}.remedy span{color:var(--ink)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.2rem,1fr));gap:.5rem .8rem;margin:.8rem 0}
dl div{min-width:0}dt{color:var(--soft);font-size:.8rem}dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
figure{margin:.8rem 0 0}figcaption{color:var(--soft);font-size:.8rem;margin-bottom:.25rem}
svg{display:block;width:100%;height:auto}svg.chart{height:3.2rem;border-bottom:1px solid var(--line)}svg text{fill:var(--soft);font-size:10px}
.h-none{fill:var(--none)}.h-complete{fill:var(--complete)}.h-running{fill:var(--running)}.h-waiting{fill:var(--waiting)}.h-aside{fill:var(--aside)}
.h-expired{fill:var(--expired)}.h-unbalanced{fill:var(--unbalanced)}.h-lost{fill:var(--lost)}.bar{fill:var(--bar)}.lag{fill:none;stroke:var(--paused);stroke-width:2;vector-effect:non-scaling-stroke}
.legend{display:flex;flex-wrap:wrap;gap:.1rem .9rem;list-style:none;padding:0;margin:.4rem 0 0;font-size:.8rem;color:var(--soft)}
.legend svg{display:inline-block;width:.8em;height:.8em;margin-right:.35em}
details{margin-top:.6rem}summary{cursor:pointer;font-size:.875rem;color:var(--soft)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.2rem .5rem;border-bottom:1px solid var(--line);white-space:nowrap}th:first-child,td:first-child{text-align:left}
.overview td:last-child,.overview th:last-child{text-align:left;white-space:normal;min-width:14rem}
.overview .state{text-align:left}.common{margin-bottom:1rem}
@media (max-width:48rem){.overview,.overview tbody,.overview tr,.overview td,.overview th{display:block;text-align:left;white-space:normal;min-width:0;border:0;padding:0}
.overview thead{display:none}.overview tr{border-bottom:1px solid var(--line);padding:.7rem 0}.overview td[data-label]{display:inline-block;margin-right:1rem;color:var(--soft)}.overview td[data-label]::before{content:attr(data-label) " "}}
@media (min-width:120rem){html{font-size:125%}main,header,footer{max-width:none}}
`;

/** The policy under which the page works: this style sheet, and nothing else from anywhere. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
