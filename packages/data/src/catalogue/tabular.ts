import { decodeCsv, type CsvTable } from "../codecs/csv.js";
import { unpackIfGzip } from "../codecs/gzip.js";
import { decodeText } from "../codecs/text.js";
import { FormatError } from "@dl/registry";
import { TensorDataset } from "../tensor-dataset.js";
import { digitNames, github, type DatasetFile, type DownloadedDataset } from "./entry.js";

/** Rows of measurements. */
export interface TabularData {
  /** x float32 [N, features]; y int32 [N] for classes, float32 [N, 1] for a number to predict. */
  readonly data: TensorDataset;
  readonly featureNames: readonly string[];
  /** By label; empty for a number to predict. */
  readonly classNames: readonly string[];
}

type Numbers = readonly Float64Array[];

function numberColumns(table: CsvTable, width: number, rows: number, where: string): Numbers {
  if (table.columns.size !== width || table.rows !== rows) {
    throw new FormatError(where, `the table has ${table.rows} rows of ${table.columns.size} cells, it should have ${rows} of ${width}`, "Fetch the file again");
  }
  return [...table.columns.values()].flatMap((column) => (column.type === "number" ? [column.data] : []));
}

function featuresOf(columns: Numbers, rows: number, scale = 1): { dtype: "float32"; shape: number[]; data: Float32Array } {
  const data = new Float32Array(rows * columns.length);
  columns.forEach((column, j) => { for (let i = 0; i < rows; i++) data[i * columns.length + j] = column[i] / scale; });
  return { dtype: "float32", shape: [rows, columns.length], data };
}

/** Features, then the label. */
function classified(columns: Numbers, classes: number, where: string, scale = 1): TensorDataset {
  const labels = columns[columns.length - 1];
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong >= 0) throw new FormatError(where, `row ${wrong}: label ${labels[wrong]} is not in [0, ${classes})`, "Check the file", { row: wrong });
  const x = featuresOf(columns.slice(0, -1), labels.length, scale);
  return new TensorDataset({ x, y: { dtype: "int32", shape: [labels.length], data: Int32Array.from(labels) } });
}

/**
 * A table as scikit-learn keeps them: a line `rows,features,class names…`, then rows of features with the label at their end.
 * @throws FormatError with line and column when the table is not that
 */
export function decodeScikitTable(bytes: Uint8Array, featureNames: readonly string[], where = "decodeScikitTable"): TabularData {
  const text = decodeText(bytes, "utf-8", where);
  const end = text.indexOf("\n");
  const [rows, features = "no", ...classNames] = text.slice(0, end < 0 ? undefined : end).trim().split(",");
  if (Number(features) !== featureNames.length) {
    throw new FormatError(where, `line 1 promises ${features} features, there are ${featureNames.length} names`, "Check the file", { line: 1 });
  }
  // An empty line in place of the first one keeps the line numbers right.
  const body = end < 0 ? "" : text.slice(end);
  const columns = numberColumns(decodeCsv(body, { header: false, types: "number", where }), featureNames.length + 1, Number(rows), where);
  return { data: classified(columns, classNames.length, where), featureNames, classNames };
}

const DIGIT_ROWS = 1797;
const DIGIT_SIDE = 8;
const DIGIT_GREYS = 16;

/** 1,797 rows of 64 greys in 0..16 and a digit. x [1797, 64] in 0..1. @throws FormatError with line and column when the table is not that */
export function decodeDigitsTable(bytes: Uint8Array, where = "decodeDigitsTable", rows = DIGIT_ROWS): TabularData {
  const table = decodeCsv(unpackIfGzip(bytes, where), { header: false, types: "number", where });
  const columns = numberColumns(table, DIGIT_SIDE ** 2 + 1, rows, where);
  const featureNames = Array.from({ length: DIGIT_SIDE ** 2 }, (_, i) => `pixel_${Math.floor(i / DIGIT_SIDE)}_${i % DIGIT_SIDE}`);
  return { data: classified(columns, digitNames.length, where, DIGIT_GREYS), featureNames, classNames: digitNames };
}

const diabetesNames = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];
const DIABETES_ROWS = 442;

/** Two files, one number to predict. @throws FormatError with line and column when they are not that */
export function decodeDiabetes(features: Uint8Array, targets: Uint8Array, where = { features: "features", targets: "targets" }, rows = DIABETES_ROWS): TabularData {
  const columns = (bytes: Uint8Array, width: number, name: string): Numbers =>
    numberColumns(decodeCsv(unpackIfGzip(bytes, name), { header: false, delimiter: " ", types: "number", where: name }), width, rows, name);
  const x = featuresOf(columns(features, diabetesNames.length, where.features), rows);
  const y = featuresOf(columns(targets, 1, where.targets), rows);
  return { data: new TensorDataset({ x, y }), featureNames: diabetesNames, classNames: [] };
}

const file = (name: string, bytes: number, sha256: string): DatasetFile => ({
  path: `tabular/${name}`,
  urls: [github("scikit-learn/scikit-learn", "1.3.0", `sklearn/datasets/data/${name}`)],
  bytes,
  sha256,
});

const irisNames = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"];
const wineNames = [
  "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids", "nonflavanoid_phenols",
  "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline",
];
const cellMeasures = ["radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry", "fractal dimension"];
const cellNames = (): string[] => [
  ...cellMeasures.map((name) => `mean ${name}`),
  ...cellMeasures.map((name) => `${name} error`),
  ...cellMeasures.map((name) => `worst ${name}`),
];

const shared = { kind: "downloaded", area: "tabular" } as const;
const licence = "UCI data set, CC BY 4.0; the file is part of scikit-learn (BSD-3-Clause)";

const iris: DownloadedDataset<TabularData> = {
  ...shared,
  title: "Iris: three kinds of flowers by four lengths",
  classes: ["setosa", "versicolor", "virginica"],
  shape: [4],
  samples: { all: 150 },
  licence,
  reference: "Fisher, 1936, The use of multiple measurements in taxonomic problems",
  files: [/* @__PURE__ */ file("iris.csv", 2734, "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449")],
  decode: (bytesOf) => decodeScikitTable(bytesOf("tabular/iris.csv"), irisNames, "tabular/iris.csv"),
};

const wine: DownloadedDataset<TabularData> = {
  ...shared,
  title: "Wine: three growers by thirteen measurements",
  classes: ["class_0", "class_1", "class_2"],
  shape: [13],
  samples: { all: 178 },
  licence,
  reference: "Forina and others, 1991, PARVUS, UCI Machine Learning Repository",
  files: [/* @__PURE__ */ file("wine_data.csv", 11_157, "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede")],
  decode: (bytesOf) => decodeScikitTable(bytesOf("tabular/wine_data.csv"), wineNames, "tabular/wine_data.csv"),
};

const breastCancer: DownloadedDataset<TabularData> = {
  ...shared,
  title: "Breast cancer (Wisconsin): tumours by thirty measurements",
  classes: ["malignant", "benign"],
  shape: [30],
  samples: { all: 569 },
  licence,
  reference: "Street, Wolberg and Mangasarian, 1993, Nuclear feature extraction for breast tumor diagnosis",
  files: [/* @__PURE__ */ file("breast_cancer.csv", 119_913, "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed")],
  decode: (bytesOf) => decodeScikitTable(bytesOf("tabular/breast_cancer.csv"), cellNames(), "tabular/breast_cancer.csv"),
};

const digits8x8: DownloadedDataset<TabularData> = {
  ...shared,
  title: "Digits 8×8: scanned digits of 64 greys",
  classes: digitNames,
  shape: [64],
  samples: { all: DIGIT_ROWS },
  licence,
  reference: "Alpaydin and Kaynak, 1998, Cascading classifiers",
  files: [/* @__PURE__ */ file("digits.csv.gz", 57_523, "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22")],
  decode: (bytesOf) => decodeDigitsTable(bytesOf("tabular/digits.csv.gz"), "tabular/digits.csv.gz"),
};

const diabetesFiles = { features: "tabular/diabetes_data.csv.gz", targets: "tabular/diabetes_target.csv.gz" };

const diabetes: DownloadedDataset<TabularData> = {
  ...shared,
  title: "Diabetes: progression after a year by ten measurements",
  classes: [],
  shape: [10],
  samples: { all: DIABETES_ROWS },
  licence: "Public with the paper; the file is part of scikit-learn (BSD-3-Clause)",
  reference: "Efron, Hastie, Johnstone and Tibshirani, 2004, Least angle regression",
  files: [
    /* @__PURE__ */ file("diabetes_data.csv.gz", 23_803, "5a21b8e4ecef9a4fd738f72b09f9ddfb786cbbf4e401f78b43050b6b92eedea8"),
    /* @__PURE__ */ file("diabetes_target.csv.gz", 1050, "8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803"),
  ],
  decode: (bytesOf) => decodeDiabetes(bytesOf(diabetesFiles.features), bytesOf(diabetesFiles.targets), diabetesFiles),
};

/** Rows of measurements, without a published split. */
export const tabular = { iris, wine, "breast-cancer": breastCancer, "digits-8x8": digits8x8, diabetes };
