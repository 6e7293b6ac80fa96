import { htmlEscape } from "escape-goat";

/** What a student sees when the web server answers. */
export interface WebPage {
  /** As the student writes it; any text, escaped here. */
  studentName: string;
  /** Name of the instance, e.g. `web1`. */
  instanceName: string;
  /** What serves the page: shown to the student. */
  servedBy: string;
}

/** The index.html of a student's web server: deterministic, so that an unchanged lab changes nothing. */
export function indexHtml({ studentName, instanceName, servedBy }: WebPage): string {
  return htmlEscape`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${studentName} – ${instanceName}</title>
<style>
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem; color: #1b2733; }
h1 { font-size: 2.2rem; margin: 0 0 .5rem; }
p { margin: .3rem 0; }
code { background: #eef2f6; padding: .1rem .4rem; border-radius: .3rem; }
</style>
</head>
<body>
<h1>${studentName}</h1>
<p>This page comes from your instance <code>${instanceName}</code>, served by ${servedBy}.</p>
<p>Log in with the ssh command of your stack and change it: it is yours.</p>
</body>
</html>
`;
}
