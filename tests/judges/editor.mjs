// Does what an editor does with a JSON file: completes, explains and underlines, with VS Code's language service for JSON.
// Reads {texts, uri, associations: [{fileMatch, uri, schema}]} from standard input; a text has a | where the cursor is, or
// none. Prints, for each text, {completions, hover, problems}.
import { readFileSync } from "node:fs";
import { getLanguageService } from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

const { texts, uri, associations } = JSON.parse(readFileSync(0, "utf8"));
const service = getLanguageService({ clientCapabilities: {}, schemaRequestService: () => Promise.reject(new Error("every schema is given")) });
service.configure({ validate: true, allowComments: false, schemas: associations });
const answers = [];
for (const text of texts) {
  const cursor = text.indexOf("|");
  const document = TextDocument.create(uri, "json", 1, cursor < 0 ? text : text.slice(0, cursor) + text.slice(cursor + 1));
  const parsed = service.parseJSONDocument(document);
  const position = document.positionAt(Math.max(cursor, 0));
  const list = await service.doComplete(document, position, parsed);
  const hover = await service.doHover(document, position, parsed);
  const problems = await service.doValidation(document, parsed);
  answers.push({
    completions: (list?.items ?? []).map(item => item.label),
    hover: [hover?.contents ?? []].flat().map(part => part.value ?? part).join("\n"),
    problems: problems.map(problem => `${problem.range.start.line + 1}: ${problem.message}`),
  });
}
console.log(JSON.stringify(answers));
