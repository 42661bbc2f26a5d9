import { unknownName } from "@dl/registry";
import type { DatasetEntry } from "./entry.js";
import { graphs } from "./graphs.js";
import { images } from "./images.js";
import { photos } from "./photos.js";
import { segmentation } from "./segmentation.js";
import { sequences } from "./sequences.js";
import { speech } from "./speech.js";
import { tabular } from "./tabular.js";
import { language, text } from "./text.js";
import { translation } from "./translation.js";

/** The data sets that this package knows, by name. */
export const datasets = { ...images, ...tabular, ...text, ...language, ...graphs, ...translation, ...segmentation, ...speech, ...photos, ...sequences };

/**
 * The entry of a data set.
 * @throws UnknownNameError with near matches
 */
export function datasetNamed<Entry extends DatasetEntry<unknown> = DatasetEntry<unknown>>(name: string, known: Readonly<Record<string, Entry>>): Entry;
export function datasetNamed(name: string): DatasetEntry<unknown>;
export function datasetNamed(name: string, known: Readonly<Record<string, DatasetEntry<unknown>>> = datasets): DatasetEntry<unknown> {
  if (!Object.hasOwn(known, name)) throw unknownName("datasetNamed", "data set", name, Object.keys(known));
  return known[name];
}
