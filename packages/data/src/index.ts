export { givesSplits } from "./catalogue/entry.js";
export type { Area, DataOf, DatasetEntry, DatasetFile, DownloadedDataset, GeneratedDataset } from "./catalogue/entry.js";
export type { LabelledGraph, NodeGraph, WeightedNodeGraph } from "./catalogue/graph-data.js";
export type { GraphCollection, SplitNodeGraph } from "./catalogue/graphs.js";
export { drawnDigits } from "./catalogue/drawn-digits.js";
export { datasetNamed, datasets } from "./catalogue/index.js";
export type { Photos } from "./catalogue/photos.js";
export type { SpeechData, Transcript } from "./catalogue/speech.js";
export type { TabularData } from "./catalogue/tabular.js";
export type { LabelledTexts, Questions } from "./catalogue/text-data.js";
export type { LanguageData, LinesData, TextData } from "./catalogue/text.js";
export { sentencePairs } from "./catalogue/translation.js";
export type { PairData, SentencePair, ThreeLanguages } from "./catalogue/translation.js";
export { decodeCifar10, decodeCifar100 } from "./codecs/cifar.js";
export { crc32 } from "./codecs/crc32.js";
export { decodeCsv, encodeCsv } from "./codecs/csv.js";
export type { CsvTable, DecodeCsvOptions, EncodeCsvOptions } from "./codecs/csv.js";
export type { Column, ColumnType } from "./codecs/csv-columns.js";
export { gunzip, isGzip } from "./codecs/gzip.js";
export { decodeIdx } from "./codecs/idx.js";
export type { DecodeImageOptions } from "./codecs/image.js";
export type { UnpackOptions } from "./codecs/inflate.js";
export { decodeJpeg, isJpeg } from "./codecs/jpeg.js";
export { decodeNpy, encodeNpy } from "./codecs/npy.js";
export { decodeNpz, encodeNpz } from "./codecs/npz.js";
export type { EncodeNpzOptions } from "./codecs/npz.js";
export { decodePng, encodePng, isPng } from "./codecs/png.js";
export type { EncodePngOptions } from "./codecs/png.js";
export { untar } from "./codecs/tar.js";
export { decodeLines, decodeText } from "./codecs/text.js";
export type { TextEncoding, TextLinesOptions } from "./codecs/text.js";
export { decodeWav, encodeWav } from "./codecs/wav.js";
export type { EncodeWavOptions, SampleFormat, Sound } from "./codecs/wav.js";
export { unzip, zip } from "./codecs/zip.js";
export type { ZipOptions } from "./codecs/zip.js";
export { Dataset } from "./dataset.js";
export type { BatchSource } from "./dataset.js";
export { digits } from "./digits/digits.js";
export type { DigitsOptions, Splits } from "./digits/digits.js";
export { decodeImage, ImageFolder, imageFolder } from "./image-folder.js";
export type { ImageFile, ImageFolderOptions } from "./image-folder.js";
export { loadFromWeb } from "./load-from-web.js";
export type { LoadFromWebOptions } from "./load-from-web.js";
export { decodeMnist } from "./mnist.js";
export { data } from "./plugin.js";
export { TensorDataset } from "./tensor-dataset.js";
export type { Batch, TensorDatasetOptions, TensorSample } from "./tensor-dataset.js";

// Data sets of samples and streams.
export { ArrayDataset } from "./datasets/array-dataset.js";
export type { ArrayDatasetOptions } from "./datasets/array-dataset.js";
export { collate, createCollate } from "./datasets/collate.js";
export type { CollateOptions } from "./datasets/collate.js";
export type { Collated } from "./datasets/collated.js";
export { IterableDataset } from "./datasets/iterable-dataset.js";
export type { BatchStream, IterableDatasetOptions, Open, Piece } from "./datasets/iterable-dataset.js";
export { MapDataset } from "./datasets/map-dataset.js";
export type { SampleSource } from "./datasets/map-dataset.js";

// Splits.
export { kFold, stratifiedKFold } from "./splits/k-fold.js";
export type { Fold, FoldOptions } from "./splits/k-fold.js";
export { randomSplit } from "./splits/random-split.js";
export { stratifiedSplit } from "./splits/stratified-split.js";
export { trainValTestSplit } from "./splits/train-val-test-split.js";
export type { TrainValTestOptions } from "./splits/train-val-test-split.js";

// Orders of samples.
export type { Pass } from "./pass.js";
export { BatchSampler } from "./sampling/batch-sampler.js";
export { BucketBatchSampler } from "./sampling/bucket-batch-sampler.js";
export type { BucketBatchSamplerOptions } from "./sampling/bucket-batch-sampler.js";
export type { BatchOrder, Sampler } from "./sampling/sampler.js";
export { RandomSampler, SequentialSampler, SubsetRandomSampler } from "./sampling/samplers.js";
export type { RandomSamplerOptions } from "./sampling/samplers.js";
export { WeightedRandomSampler } from "./sampling/weighted-random-sampler.js";

// Loading.
export { DataLoader } from "./loader/data-loader.js";
export type { DataLoaderState } from "./loader/data-loader.js";
export type { DataLoaderOptions } from "./loader/options.js";
export type { WorkerOptions } from "./loader/workers/options.js";

// Generated data.
export { addingProblem } from "./generators/adding-problem.js";
export type { GeneratorOptions } from "./generators/common.js";
export { lesions } from "./generators/lesions.js";
export type { LesionsOptions } from "./generators/lesions.js";
export { markovText } from "./generators/markov-text.js";
export type { MarkovText, MarkovTextOptions } from "./generators/markov-text.js";
export { nBody } from "./generators/n-body.js";
export type { NBodyData, NBodyOptions } from "./generators/n-body.js";
export { blobs, circles, gaussianRing, moons, spirals, xor } from "./generators/points.js";
export type { BlobsOptions, GaussianRingOptions, PointsOptions } from "./generators/points.js";
export { quadrantShapes } from "./generators/quadrant-shapes.js";
export type { QuadrantShapes, QuadrantShapesOptions } from "./generators/quadrant-shapes.js";
export { shapeScenes } from "./generators/shape-scenes.js";
export type { ShapeScenesOptions } from "./generators/shape-scenes.js";
export { shapes } from "./generators/shapes.js";
export type { ShapesData, ShapesOptions } from "./generators/shapes.js";
export { shortestPathGraphs } from "./generators/shortest-path.js";
export type { ShortestPathGraph, ShortestPathOptions } from "./generators/shortest-path.js";
export { spheres } from "./generators/spheres.js";
export type { SpheresOptions } from "./generators/spheres.js";
export { toneSpeech } from "./generators/tone-speech.js";
export type { ToneSpeech, ToneSpeechOptions } from "./generators/tone-speech.js";
export { toyTranslation, translateToy } from "./generators/toy-translation.js";
export type { Translation } from "./generators/toy-translation.js";
