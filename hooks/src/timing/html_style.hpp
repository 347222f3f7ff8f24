// How the page looks, by day and by night.
#pragma once

#include <cstddef>
#include <string_view>

namespace frond::hooks::detail {

inline constexpr std::size_t html_colours = 8;  // of specs: s0 to s7

inline constexpr std::string_view html_style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5d6879; --line: #e1e5eb; --faint: #eef1f5;
  --good: #1f7a4d; --bad: #b3261e; --warn: #8a5a00; --crit: #d1495b; --busy: #4c78a8;
  --s0: #3d7cc9; --s1: #2e9e78; --s2: #d08a2e; --s3: #8f63c2; --s4: #cc5a71; --s5: #3097a8; --s6: #86902f; --s7: #b05a9b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --ink: #e4e9f0; --soft: #98a4b5; --line: #2c3542; --faint: #222a35;
    --good: #5cc98f; --bad: #ff8a80; --warn: #e5b567; --crit: #ff7b8d; --busy: #6fa3d8;
    --s0: #6aa5ee; --s1: #4fc79d; --s2: #eaa955; --s3: #b48ce6; --s4: #ee8297; --s5: #58bfd0; --s6: #b3bd57; --s7: #d984c3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 48px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; margin-bottom: 16px; }
h1 { font-size: 24px; font-weight: 650; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 15px; font-weight: 650; margin: 0 0 4px; }
.pill { font-size: 12px; font-weight: 600; padding: 2px 10px; border-radius: 99px; border: 1px solid currentColor; }
.succeeded { color: var(--good); } .failed { color: var(--bad); } .cancelled, .running { color: var(--warn); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; margin: 0 0 14px; }
section > p { margin: 0 0 12px; color: var(--soft); max-width: 86ch; }
section > p:last-child { margin: 12px 0 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 0 0 14px; }
.cards > div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 11px 14px; }
.cards b { display: block; font-size: 21px; font-weight: 650; letter-spacing: -0.01em; }
.cards small { color: var(--soft); font-size: 12px; }
.note { border-left: 4px solid var(--warn); } .note.bad { border-left-color: var(--bad); }
.note pre { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { font-size: 12px; font-weight: 600; color: var(--soft); text-align: right; padding: 4px 8px; white-space: nowrap; border-bottom: 1px solid var(--line); }
td { text-align: right; padding: 5px 8px; white-space: nowrap; border-bottom: 1px solid var(--faint); }
tr:last-child > td { border-bottom: 0; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
.name { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 12em; }
td.name { font: 12.5px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
td.zero { color: var(--soft); opacity: .6; } td.bad { color: var(--bad); font-weight: 600; }
td.chart, th.chart { width: 170px; text-align: left; }
svg { display: block; width: 100%; overflow: visible; }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 7px; background: var(--c); }
.bar { height: 8px; border-radius: 2px; background: var(--c, var(--busy)); min-width: 1px; }
.bar.pale { opacity: .4; }
.track { background: var(--faint); border-radius: 2px; display: flex; overflow: hidden; }
.lines { display: grid; grid-template-columns: minmax(130px, 210px) 1fr; column-gap: 14px; align-items: center; }
.lines > .who { font: 12.5px/1.3 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; padding: 5px 0; }
.lines > .who small { display: block; font: 11px/1.35 system-ui, "DejaVu Sans", sans-serif; color: var(--soft); }
.lines > .plot { border-left: 1px solid var(--line); border-right: 1px solid var(--line); padding: 5px 0; align-self: stretch; display: grid; align-content: center;
  background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px var(--tick)); }
.lines > .part { grid-column: 1 / -1; border-top: 1px solid var(--line); color: var(--soft); font-size: 12px; font-weight: 600; padding: 5px 0 1px; }
.axis { position: relative; height: 20px; font-size: 11px; color: var(--soft); }
.axis span { position: absolute; bottom: 2px; transform: translateX(-50%); white-space: nowrap; }
.axis span:first-child { transform: none; }
.area { fill: var(--c); opacity: .8; } .task { fill: var(--c); } .task:hover, .area:hover { opacity: 1; filter: brightness(1.15); }
.c0 { --c: var(--s0); } .c1 { --c: var(--s1); } .c2 { --c: var(--s2); } .c3 { --c: var(--s3); } .c4 { --c: var(--s4); } .c5 { --c: var(--s5); } .c6 { --c: var(--s6); } .c7 { --c: var(--s7); } 
.wait { fill: var(--soft); opacity: .45; } .crit { fill: var(--crit); }
.key { display: inline-block; width: 22px; height: 3px; border-radius: 1px; background: var(--crit); vertical-align: middle; }
.split { display: flex; height: 22px; border-radius: 5px; overflow: hidden; margin: 4px 0 10px; background: var(--faint); }
.split > i { display: block; background: var(--c); border-right: 1px solid var(--card); min-width: 1px; }
.split > i.p { opacity: .4; }
.split > i.w { background: repeating-linear-gradient(135deg, var(--soft) 0 1px, transparent 1px 6px); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 12px; font-size: 12.5px; color: var(--soft); }
.legend b { color: var(--ink); font-weight: 600; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 14px; } .pair > section { min-width: 0; }
.pair .name { min-width: 7em; }
footer { color: var(--soft); font-size: 12px; }
@media (max-width: 620px) { .lines { grid-template-columns: 1fr; } .pair { grid-template-columns: 1fr; } main { padding: 16px 10px; } }
@media print { body { background: none; } section, .cards > div { break-inside: avoid; } }
)css";

}  // namespace frond::hooks::detail
