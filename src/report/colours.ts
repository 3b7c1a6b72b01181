/** The colours of pages, light and dark: of reports, and of the page that `gimbal view` opens. */
export const COLOUR_VARIABLES = `
:root {
  color-scheme: light dark;
  --gimbal-background: #ffffff; --surface: #f6f7f9; --text: #1b2026; --quiet: #5b6470; --line: #dfe3e8;
  --accent: #1f6fb4;
  --warning: #fff4e0; --warning-line: #c2570c;
  --gimbal-natural: #6b7280; --gimbal-first: #1f6fb4; --gimbal-second: #c2570c; --gimbal-third: #0f8a6a;
  --gimbal-fourth: #a2559c; --gimbal-line: #dfe3e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --gimbal-background: #12161b; --surface: #1a2027; --text: #e7eaee; --quiet: #9aa5b1; --line: #2f3842;
    --accent: #6cb4ee;
    --warning: #33260f; --warning-line: #f2975a;
    --gimbal-natural: #9aa3af; --gimbal-first: #5aa9e6; --gimbal-second: #f2975a; --gimbal-third: #4cc3a0;
    --gimbal-fourth: #d992d2; --gimbal-line: #2f3842;
  }
}`;
