/**
 * The page's style. Without a media query it is that of a phone: the promotion path goes down. On a wide screen it
 * goes to the right.
 */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --text: #1b1f24; --quiet: #57606a; --line: #c9d1d9; --link: #0550ae;
  --good: #116329; --warn: #7d4e00; --bad: #a40e26;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #161b22; --text: #e6edf3; --quiet: #9aa4af; --line: #3d444d; --link: #6cb6ff;
    --good: #56d364; --warn: #e3b341; --bad: #ff7b72;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 75rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.4rem; }
h2 { margin: 2rem 0 0.75rem; font-size: 1.15rem; }
h3 { margin: 0; font-size: 1rem; }
p { margin: 0.25rem 0; }
a { color: var(--link); }
code { font: 0.875em/1.5 ui-monospace, monospace; }
.quiet { color: var(--quiet); }
.stage { display: flex; flex-direction: column; }
.stage + .stage { margin-top: 0.75rem; }
.card { border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); padding: 0.75rem 1rem; }
.stage > .card { border-left-width: 0.375rem; min-width: 11rem; }
.card.good { border-left-color: var(--good); }
.card.warn { border-left-color: var(--warn); }
.card.bad { border-left-color: var(--bad); }
.state { font-weight: 600; }
.state.good { color: var(--good); }
.state.warn { color: var(--warn); }
.state.bad { color: var(--bad); }
.next { display: flex; flex-direction: column; margin-left: 1rem; }
.step { display: flex; flex-direction: column; }
.arrow { display: flex; align-items: center; gap: 0.5rem; padding: 0.25rem 0; color: var(--quiet); }
.arrow svg { width: 1.5rem; height: 1.5rem; flex: none; transform: rotate(90deg); }
.details { display: grid; gap: 1rem; }
dl { display: grid; grid-template-columns: 5rem 1fr; gap: 0.25rem 0.75rem; margin: 0.5rem 0 0; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; }
ul { margin: 0; padding-left: 1.25rem; }
@media (min-width: 48rem) {
  .stage { flex-direction: row; align-items: center; }
  .next { margin-left: 0; gap: 0.75rem; }
  .step { flex-direction: row; align-items: center; }
  .arrow { flex-direction: column; gap: 0; padding: 0 0.75rem; max-width: 9rem; text-align: center; }
  .arrow svg { transform: none; }
  .details { grid-template-columns: repeat(auto-fit, minmax(30rem, 1fr)); }
}
@media print { body { background: #fff; } .card { break-inside: avoid; } }
`;
