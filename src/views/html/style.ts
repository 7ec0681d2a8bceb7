/** Text first: one column, readable from 400 pixels, light and dark as the reader's system has it. */
export const style = `
:root {
  --text: #1f2328; --quiet: #59636e; --back: #ffffff; --raised: #f6f8fa; --line: #d1d9e0;
  --good: #116329; --good-back: #dafbe1; --bad: #a40e26; --bad-back: #ffebe9;
  --change: #7d4e00; --start: #0a5a8a; --assign: #6639ba;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #f0f6fc; --quiet: #9198a1; --back: #0d1117; --raised: #151b23; --line: #3d444d;
    --good: #56d364; --good-back: #12261e; --bad: #ff8f88; --bad-back: #301b1e;
    --change: #e3b341; --start: #79c0ff; --assign: #d2a8ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { display: inline; font-size: 1rem; margin: 0; }
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Consolas, monospace; }
pre { margin: 0.25rem 0 0; padding: 0.5rem; overflow-x: auto; background: var(--raised); border-radius: 6px; }
pre span { display: block; white-space: pre-wrap; }
ul { list-style: none; margin: 0; padding: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.125rem 1rem; margin: 1rem 0; font-size: 0.875rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
summary { cursor: pointer; }
.totals { font-size: 1.125rem; font-weight: 600; margin: 0.5rem 0; }
.box { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: 0.5rem 0.75rem; }
.refused { border-left: 4px solid var(--bad); }
.warned { border-left: 4px solid var(--change); }
.about, .note { color: var(--quiet); }
.entry { display: grid; grid-template-columns: 1.5rem minmax(6rem, 16rem) minmax(0, 1fr); gap: 0 0.75rem; padding: 0.25rem 0; align-items: baseline;
  border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 2rem; }
.entry > .more { grid-column: 2 / -1; }
.entry > :first-child { text-align: center; font-weight: 700; white-space: nowrap; text-decoration: none; }
.said { white-space: pre-wrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .change, .warn { color: var(--change); }
.start { color: var(--start); } .assign { color: var(--assign); } .quiet { color: var(--quiet); }
pre .good { background: var(--good-back); } pre .bad { background: var(--bad-back); }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; } dt { margin-top: 0.25rem; }
  .entry { grid-template-columns: 1.5rem minmax(0, 1fr); }
  .entry > .said { grid-column: 2 / -1; }
}
@media print { details > *:not(summary) { display: block; } }
`;
