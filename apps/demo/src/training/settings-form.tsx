import type { OptionSpec } from "@dl/recipes";
import { useId } from "preact/hooks";
import { NumberField } from "../panels/number-field.js";
import { useLanguage } from "../shell/language.js";
import { memo } from "../shell/memo.js";
import type { BackendFacts, RecipeFacts, Settings } from "../worker/protocol.js";

interface SettingsFormProps {
  readonly recipes: readonly RecipeFacts[];
  readonly backends: readonly BackendFacts[];
  /** The backend in use, which says more of itself. */
  readonly taken: BackendFacts | undefined;
  readonly settings: Settings;
  readonly disabled: boolean;
  readonly onChange: (settings: Settings) => void;
}

/** The defaults of a recipe. */
export const defaultsOf = ({ name, datasets, options }: RecipeFacts, { backend, seed }: Pick<Settings, "backend" | "seed">): Settings => ({
  recipe: name,
  data: datasets[0],
  backend,
  seed,
  options: Object.fromEntries(Object.entries(options).map(([key, spec]) => [key, spec.default])),
});

interface OptionFieldProps {
  readonly name: string;
  readonly spec: OptionSpec;
  readonly value: number | string;
  readonly onChange: (value: number | string) => void;
}

/** A hyper-parameter, as its schema describes it. */
function OptionField({ name, spec, value, onChange }: OptionFieldProps) {
  const { t } = useLanguage();
  const id = useId();
  const help = `${id}-help`;
  const label = t.training.options[name] ?? name;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {spec.kind === "choice" ? (
        <select id={id} value={String(value)} aria-describedby={help} onChange={(event) => { onChange(event.currentTarget.value); }}>
          {spec.choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
        </select>
      ) : (
        <NumberField id={id} value={Number(value)} min={spec.min} max={spec.max} whole={spec.kind === "integer"} describedBy={help} onChange={onChange} />
      )}
      <span id={help} class="help">{t.training.optionHelp[name] ?? spec.description}</span>
    </div>
  );
}

/** What to train, on what, and where; hyper-parameters come from the recipe's own schema. */
export const SettingsForm = memo(function SettingsForm({ recipes, backends, taken, settings, disabled, onChange }: SettingsFormProps) {
  const { t } = useLanguage();
  const id = useId();
  const words = t.training.settings;
  const recipe = recipes.find(({ name }) => name === settings.recipe);
  const chosen = taken?.name === settings.backend ? taken : backends.find(({ name }) => name === settings.backend);
  const unavailable = backends.filter(({ available }) => !available);
  return (
    <fieldset class="settings" disabled={disabled}>
      <legend class="hidden">{words.title}</legend>
      <div class="field">
        <label for={`${id}-recipe`}>{words.recipe}</label>
        <select id={`${id}-recipe`} value={settings.recipe} onChange={(event) => {
          const next = recipes.find(({ name }) => name === event.currentTarget.value);
          if (next !== undefined) onChange(defaultsOf(next, settings));
        }}>
          {recipes.map(({ name, title }) => <option key={name} value={name}>{t.training.recipes[name] ?? title}</option>)}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-data`}>{words.data}</label>
        <select id={`${id}-data`} value={settings.data} onChange={(event) => { onChange({ ...settings, data: event.currentTarget.value }); }}>
          {recipe?.datasets.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-backend`}>{words.backend}</label>
        <select id={`${id}-backend`} value={settings.backend} aria-describedby={`${id}-notes`} onChange={(event) => { onChange({ ...settings, backend: event.currentTarget.value }); }}>
          {backends.map(({ name, label, available }) => <option key={name} value={name} disabled={!available}>{available ? label : `${label} (${words.notAvailable})`}</option>)}
        </select>
        <span id={`${id}-notes`} class="help">
          {chosen?.notes.join(" ")}
          {unavailable.map(({ name, label, notes }) => <span key={name} class="reason">{label}: {notes.join(" ")}</span>)}
        </span>
      </div>
      {Object.entries(recipe?.options ?? {}).map(([name, spec]) => (
        <OptionField key={`${settings.recipe} ${name}`} name={name} spec={spec} value={settings.options[name] ?? spec.default} onChange={(value) => { onChange({ ...settings, options: { ...settings.options, [name]: value } }); }} />
      ))}
      <div class="field">
        <label for={`${id}-seed`}>{words.seed}</label>
        <NumberField id={`${id}-seed`} value={settings.seed} min={0} max={2 ** 31 - 1} whole describedBy={`${id}-seed-help`} onChange={(seed) => { onChange({ ...settings, seed }); }} />
        <span id={`${id}-seed-help`} class="help">{words.seedHelp}</span>
      </div>
    </fieldset>
  );
});
