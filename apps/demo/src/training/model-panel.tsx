import { DataTable } from "../panels/data-table.js";
import { Panel } from "../panels/panel.js";
import { useLanguage } from "../shell/language.js";
import { memo } from "../shell/memo.js";
import { compact, whole } from "../shell/numbers.js";
import type { Prepared } from "../worker/protocol.js";

/** Layers, shapes, parameters and operations of the network. */
export const ModelPanel = memo(function ModelPanel({ prepared }: { readonly prepared: Prepared | undefined }) {
  const { language, t } = useLanguage();
  const words = t.training.model;
  const rows = prepared?.layers ?? [];
  return (
    <Panel wide title={words.title} about={prepared === undefined ? t.training.waiting : words.total(whole(prepared.parameters, language), compact(prepared.flops, language))}>
      <DataTable
        caption={words.title}
        numbers={[3, 4]}
        head={[words.layer, words.kind, words.shape, words.parameters, words.flops]}
        rows={rows.map(({ path, type, outputShape, parameters, flops }) => [path || "·", type.replace(/^.*\//, ""), outputShape === null ? "" : outputShape.join(" × "), whole(parameters, language), compact(flops, language)])}
      />
    </Panel>
  );
});
