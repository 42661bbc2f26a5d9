import { useId, useState } from "preact/hooks";
import { Notice } from "../panels/notice.js";
import { Panel } from "../panels/panel.js";
import { useLanguage } from "../shell/language.js";

interface CheckpointPanelProps {
  readonly ready: boolean;
  readonly onSave: () => Promise<Uint8Array>;
  readonly onLoad: (files: ReadonlyMap<string, Uint8Array>) => Promise<void>;
}

const FILE = "checkpoint.zip";

/** Lets a whole folder be picked; not yet an attribute of the standard. */
const asFolder = (input: HTMLInputElement | null): void => { input?.setAttribute("webkitdirectory", ""); };

function download(bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: "application/zip" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: FILE });
  link.click();
  setTimeout(() => { URL.revokeObjectURL(url); }, 10_000);
}

/** The chosen files by path. */
async function readAll(files: FileList): Promise<Map<string, Uint8Array>> {
  return new Map(await Promise.all(Array.from(files, async (file) => [file.webkitRelativePath || file.name, new Uint8Array(await file.arrayBuffer())] as const)));
}

/** Keep the training as a file, and bring one back: that of this page, or a folder of the command line. */
export function CheckpointPanel({ ready, onSave, onLoad }: CheckpointPanelProps) {
  const { t } = useLanguage();
  const words = t.training.checkpoint;
  const id = useId();
  const [failure, setFailure] = useState<string>();
  const attempt = (work: Promise<void>): void => {
    setFailure(undefined);
    work.catch((error: unknown) => { setFailure(error instanceof Error ? error.message : String(error)); });
  };
  const take = (input: HTMLInputElement): void => {
    if (input.files !== null && input.files.length > 0) attempt(readAll(input.files).then(onLoad));
    input.value = "";
  };
  return (
    <Panel wide title={words.title} about={words.about}>
      <div class="row">
        <button type="button" disabled={!ready} onClick={() => { attempt(onSave().then(download)); }}>{words.save}</button>
        <label class="filelike" for={`${id}-file`}>{words.load}<input id={`${id}-file`} class="hidden" type="file" accept=".zip" onChange={(event) => { take(event.currentTarget); }} /></label>
        <label class="filelike" for={`${id}-folder`}>{words.loadFolder}<input id={`${id}-folder`} class="hidden" type="file" ref={asFolder} onChange={(event) => { take(event.currentTarget); }} /></label>
      </div>
      {failure !== undefined && <Notice kind="error">{words.failed} {failure}</Notice>}
    </Panel>
  );
}
