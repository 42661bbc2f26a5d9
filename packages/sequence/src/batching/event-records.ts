import { ShapeError, ValueError } from "@dl/registry";
import type { HostArray } from "@dl/tensor";

/** Something that happened at a time, such as a visit with what was measured there. */
export interface TimedEvent {
  /** In any unit; never falls along a record. */
  readonly time: number;
  /** What was measured, `null` where nothing was; the same number of values in every event. */
  readonly values: readonly (number | null)[];
}

/**
 * A record of timed events as features of a sequence, for `SequenceDataset`. Of each of D quantities a step has its value, the last one known where
 * nothing was measured (0 before the first); whether it was measured, 1 or 0; and the time since it was measured last, before this step, in the
 * record's unit. Shapes: → [T, 3·D]: values, marks, gaps. (Che et al., 2018)
 *
 *     eventFeatures([{ time: 0, values: [36.5, null] }, { time: 2, values: [null, 80] }])   // [[36.5, 0, 1, 0, 0, 0], [36.5, 80, 0, 1, 2, 2]]
 *
 * @throws ValueError for a record without events, or a time that goes back; ShapeError for events with different numbers of values
 */
export function eventFeatures(record: readonly TimedEvent[]): HostArray {
  const where = "eventFeatures";
  if (record.length === 0) throw new ValueError(where, "the record has no event", "Leave empty records out");
  const count = record[0].values.length;
  const data = new Float32Array(record.length * 3 * count);
  const known = new Float64Array(count);
  const since = new Float64Array(count).fill(record[0].time);
  record.forEach(({ time, values }, t) => {
    checkEvent(where, record, t, count);
    values.forEach((value, d) => {
      if (value !== null) known[d] = value;
      const at = 3 * count * t + d;
      data[at] = known[d];
      data[at + count] = Number(value !== null);
      data[at + 2 * count] = time - since[d];
      if (value !== null) since[d] = time;
    });
  });
  return { dtype: "float32", shape: [record.length, 3 * count], data };
}

function checkEvent(where: string, record: readonly TimedEvent[], t: number, count: number): void {
  const { time, values } = record[t];
  if (values.length !== count) throw new ShapeError(where, `event ${t} has ${values.length} values, event 0 has ${count}`, "Give null for what was not measured", { event: t });
  const before = t === 0 ? -Infinity : record[t - 1].time;
  if (!(Number.isFinite(time) && time >= before)) throw new ValueError(where, `event ${t} has time ${time} after ${before}`, "Sort the events by time", { event: t });
}
