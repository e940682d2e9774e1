import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";

/** What is reported about a name that a mutant no longer uses: a person who made the change would take it out as well. */
const UNUSED: readonly number[] = [6133, 6138, 6192, 6196, 6198, 7027];

/** Tells which texts of a file the compiler refuses. */
export class Types {
  readonly #texts = new Map<string, { readonly text: string; readonly version: number }>();
  readonly #service: ts.LanguageService;
  #version = 0;

  constructor() {
    const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
    const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ["src"] }, ts.sys, ".");
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => fileNames,
      getScriptVersion: (file) => String(this.#texts.get(resolve(file))?.version ?? 0),
      getScriptSnapshot: (file) => {
        const text = this.#texts.get(resolve(file))?.text ?? ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => process.cwd(),
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
    });
  }

  /** True if a file with this text wouldn't compile. */
  refuse(file: string, text: string): boolean {
    const path = resolve(file);
    this.#texts.set(path, { text, version: ++this.#version });
    try {
      const all = [...this.#service.getSyntacticDiagnostics(path), ...this.#service.getSemanticDiagnostics(path)];
      return all.some(({ code }) => !UNUSED.includes(code));
    } finally {
      this.#texts.set(path, { text: readFileSync(path, "utf8"), version: ++this.#version });
    }
  }
}
