"""Metrics as scikit-learn, scikit-image, NLTK and SciPy compute them; metrics.test.ts compares.

Needs Debian's python3-sklearn (1.2), python3-skimage (0.19) and python3-nltk (3.8).
"""
import math
import pathlib
import warnings

import nltk
import numpy as np
import scipy
import skimage
import sklearn
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu
from scipy import linalg, ndimage
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn import calibration, metrics as sk
from sklearn.metrics.pairwise import rbf_kernel

from store import packed_array, write

warnings.filterwarnings("ignore", category=UserWarning)
random = np.random.default_rng(20)
cases, latest = [], None


def numbers(value):
    """A result as JSON has it; NaN is null."""
    value = np.asarray(value, dtype=np.float64)
    return [None if math.isnan(number) else number for number in value.ravel().tolist()]


def stored(inputs):
    """Arrays as tensors, labels as int32, and everything else, such as sentences, as options."""
    arrays = {key: value for key, value in inputs.items() if isinstance(value, np.ndarray)}
    tensors = {key: packed_array(value.astype(np.int32 if value.dtype.kind == "i" else np.float64)) for key, value in arrays.items()}
    return {"name": "metrics", "options": {"checks": [], **{key: value for key, value in inputs.items() if key not in arrays}}, "tensors": tensors}


def case(name, inputs, result, options=None):
    """`result` is a number, or arrays by name. Checks of the same inputs, one after another, are one case."""
    global latest
    if inputs is not latest:
        cases.append(stored(inputs))
        latest = inputs
    outputs = result if isinstance(result, dict) else {"result": result}
    check = {"name": name, "options": options or {}, "outputs": {key: numbers(value) for key, value in outputs.items()}}
    cases[-1]["options"]["checks"].append(check)


def labels_of(rows, classes):
    """At least one row of every class."""
    return random.permutation(np.concatenate([np.arange(classes), random.integers(0, classes, rows - classes)]))


def probabilities_of(rows, classes):
    raw = random.random((rows, classes)) ** 2
    return raw / raw.sum(1, keepdims=True)


# Labels: averages, zero division, agreement
for number in range(30):
    classes = 2 + number % 4
    target, predicted = random.integers(0, classes, 12), random.integers(0, classes, 12)
    inputs = {"predicted": predicted, "target": target}
    for average in ("binary", "macro", "micro", "weighted", "none"):
        if average == "binary" and classes > 2:
            continue
        for zero in (0, 1):
            how = {"average": None if average == "none" else average, "zero_division": zero}
            options = {"average": average, "zeroDivision": zero}
            if average == "none":
                how["labels"] = range(classes)
                options["numClasses"] = classes
            case("precision", inputs, sk.precision_score(target, predicted, **how), options)
            case("recall", inputs, sk.recall_score(target, predicted, **how), options)
            case("f1Score", inputs, sk.f1_score(target, predicted, **how), options)
            case("fBeta", inputs, sk.fbeta_score(target, predicted, beta=0.7, **how), {**options, "beta": 0.7})
            case("jaccardIndex", inputs, sk.jaccard_score(target, predicted, **how), options)
    case("accuracy", inputs, sk.accuracy_score(target, predicted))
    case("balancedAccuracy", inputs, sk.balanced_accuracy_score(target, predicted))
    case("mcc", inputs, sk.matthews_corrcoef(target, predicted))
    case("cohenKappa", inputs, sk.cohen_kappa_score(target, predicted))
    scores = random.random((12, 5))
    target = labels_of(12, 5)
    case("topKAccuracy", {"scores": scores, "labels": target}, sk.top_k_accuracy_score(target, scores, k=2), {"numClasses": 5, "k": 2})

target, predicted = random.integers(0, 3, 40), random.integers(0, 3, 40)
names = ["car", "bicycle", "truck"]
report = sk.classification_report(target, predicted, target_names=names, digits=3)
case("classificationReport", {"predicted": predicted, "target": target}, [], {"labels": names, "digits": 3, "text": report})

# Scores: 100 sets with ties
for number in range(100):
    rows = 4 + number % 23
    target = labels_of(rows, 2)
    scores = random.integers(0, 6, rows) / 5 if number % 2 else random.random(rows).round(2)
    inputs = {"scores": scores, "labels": target}
    fpr, tpr, _ = sk.roc_curve(target, scores, drop_intermediate=False)
    precision, recall, thresholds = sk.precision_recall_curve(target, scores)
    case("rocCurve", inputs, {"fpr": fpr, "tpr": tpr})
    case("prCurve", inputs, {"precision": precision, "recall": recall, "thresholds": thresholds})
    case("rocAuc", inputs, sk.roc_auc_score(target, scores))
    case("averagePrecision", inputs, sk.average_precision_score(target, scores))

for number in range(20):
    rows, classes = 15 + number, 3 + number % 3
    target, p = labels_of(rows, classes), probabilities_of(rows, classes)
    inputs = {"scores": p, "labels": target}
    for multi in ("ovr", "ovo"):
        for average in ("macro", "weighted"):
            options = {"numClasses": classes, "multiClass": multi, "average": average}
            case("rocAuc", inputs, sk.roc_auc_score(target, p, multi_class=multi, average=average), options)
    case("logLoss", inputs, sk.log_loss(target, p, labels=range(classes)), {"numClasses": classes})
    brier = ((p - np.eye(classes)[target]) ** 2).sum(1).mean()
    case("brierScore", inputs, brier, {"numClasses": classes})
    binary, chance = labels_of(rows, 2), random.random(rows)
    inputs = {"scores": chance, "labels": binary}
    case("logLoss", inputs, sk.log_loss(binary, chance))
    case("brierScore", inputs, sk.brier_score_loss(binary, chance))
    accuracy, confidence = calibration.calibration_curve(binary, chance, n_bins=7)
    case("calibrationCurve", inputs, {"confidence": confidence, "accuracy": accuracy}, {"bins": 7})

# Regression
for number in range(10):
    target = random.normal(1e3 * number, 1, 20)
    predicted = target + random.normal(0, 0.5, 20)
    inputs = {"predicted": predicted, "target": target}
    case("r2Score", inputs, sk.r2_score(target, predicted))
    case("meanAbsoluteError", inputs, sk.mean_absolute_error(target, predicted))
    case("meanSquaredError", inputs, sk.mean_squared_error(target, predicted))
    case("rootMeanSquaredError", inputs, math.sqrt(sk.mean_squared_error(target, predicted)))


# Segmentation
def boundary(mask, distance):
    """Cheng et al.'s: the mask less what is left of it after `distance` erosions by 3 x 3, the edge of the image being outside."""
    return mask & ~ndimage.binary_erosion(mask, np.ones((3, 3)), iterations=distance)


def blobs(height, width, classes):
    return ndimage.gaussian_filter(random.random((classes, height, width)), (0, 3, 3)).argmax(0)


for number, (height, width) in enumerate([(24, 31), (40, 17), (9, 60), (33, 33)]):
    target = blobs(height, width, 3)
    predicted = np.where(random.random((height, width)) < 0.05, blobs(height, width, 3), np.roll(target, 1 + number % 2, axis=number % 2))
    inputs = {"predicted": predicted, "target": target}
    for distance in (1, 2, 5):
        values = []
        for label in range(3):
            p, g = boundary(predicted == label, distance), boundary(target == label, distance)
            values.append((p & g).sum() / (p | g).sum())
        case("boundaryIoU", inputs, values, {"shape": [height, width], "numClasses": 3, "distance": distance, "average": "none"})
    case("iou", inputs, sk.jaccard_score(target.ravel(), predicted.ravel(), average=None), {"numClasses": 3})
    case("meanIoU", inputs, sk.jaccard_score(target.ravel(), predicted.ravel(), average="macro"))
    case("dice", inputs, sk.f1_score(target.ravel(), predicted.ravel(), average="macro"))
    case("pixelAccuracy", inputs, (target == predicted).mean())
    seen = target.ravel() != 2
    ignoring = sk.jaccard_score(target.ravel()[seen], predicted.ravel()[seen], average="macro")
    case("meanIoU", inputs, ignoring, {"numClasses": 3, "ignoreIndex": 2})

# Text
words = "a the cat dog sat ran on under mat house big red".split()
smooth = SmoothingFunction(epsilon=0.1)
smoothings = {"none": smooth.method0, "epsilon": smooth.method1, "addOne": smooth.method2, "exp": smooth.method3}
for number in range(12):
    candidates, references = [], []
    for _ in range(1 + number % 4):
        reference = list(random.choice(words, random.integers(6, 14)))
        candidate = [word if random.random() < 0.85 else str(random.choice(words)) for word in reference][: random.integers(4, 15)]
        other = list(random.choice(words, random.integers(4, 14)))
        candidates.append(" ".join(candidate))
        references.append([" ".join(reference), " ".join(other)])
    if number == 11:
        candidates, references = ["the dog ran on red house"], [["the cat sat on a mat", "big dog"]]
    inputs = {"candidates": candidates, "references": references}
    split = ([[r.split() for r in rs] for rs in references], [c.split() for c in candidates])
    for name, method in smoothings.items():
        for order in (2, 4):
            value = corpus_bleu(*split, weights=[1 / order] * order, smoothing_function=method)
            # NLTK gives n-grams without a match the smallest float instead of 0.
            value = 0 if value < 1e-50 else value
            case("bleu", inputs, value, {"smoothing": name, "maxOrder": order})
    pairs = [(c.split(), rs[0].split()) for c, rs in zip(candidates, references)]
    wer = sum(nltk.edit_distance(c, r) for c, r in pairs) / sum(len(r) for _, r in pairs)
    cer = sum(nltk.edit_distance(c, rs[0]) for c, rs in zip(candidates, references)) / sum(len(rs[0]) for rs in references)
    case("wordErrorRate", inputs, wer)
    case("characterErrorRate", inputs, cer)

# Images
for number, shape in enumerate([(16, 16), (23, 17), (12, 40)]):
    image = ndimage.gaussian_filter(random.random(shape), 1)
    image = (image - image.min()) / (image.max() - image.min())
    noisy = np.clip(image + random.normal(0, 0.1, shape), 0, 1)
    inputs = {"image": noisy, "reference": image}
    for scale in (1, 255):
        scaled = {key: value * scale for key, value in inputs.items()}
        images = scaled["image"], scaled["reference"]
        case("psnr", scaled, peak_signal_noise_ratio(images[1], images[0], data_range=scale), {"dataRange": scale})
        options = {"shape": list(shape), "dataRange": scale}
        gaussian = structural_similarity(*images, data_range=scale, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
        case("ssim", scaled, gaussian, options)
        case("ssim", scaled, structural_similarity(*images, data_range=scale), {**options, "window": "uniform"})
        five = structural_similarity(*images, data_range=scale, win_size=5)
        case("ssim", scaled, five, {**options, "window": "uniform", "windowSize": 5})


# Distributions
def mmd(x, y, sigma, biased):
    gamma = 1 / (2 * sigma**2)
    xx, yy, xy = rbf_kernel(x, gamma=gamma), rbf_kernel(y, gamma=gamma), rbf_kernel(x, y, gamma=gamma)
    if biased:
        return xx.mean() + yy.mean() - 2 * xy.mean()
    n, m = len(x), len(y)
    return (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.mean()


for features in (1, 2, 5, 12):
    x = random.normal(0, 1, (30, features))
    y = random.normal(0.5, 1.5, (20, features)) @ random.normal(0, 1, (features, features))
    inputs = {"x": x, "y": y}
    median = np.median(scipy.spatial.distance.pdist(np.concatenate([x, y])))
    for estimator in ("biased", "unbiased"):
        case("mmd", inputs, mmd(x, y, median, estimator == "biased"), {"features": features, "estimator": estimator})
        case("mmd", inputs, mmd(x, y, 0.8, estimator == "biased"), {"features": features, "estimator": estimator, "bandwidth": 0.8})
    cx, cy = np.atleast_2d(np.cov(x, rowvar=False)), np.atleast_2d(np.cov(y, rowvar=False))
    distance = ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(cx + cy - 2 * linalg.sqrtm(cx @ cy).real)
    case("frechetDistance", inputs, distance, {"features": features})

versions = f"scikit-learn {sklearn.__version__}, scikit-image {skimage.__version__}, NLTK {nltk.__version__}, SciPy {scipy.__version__}"
write(pathlib.Path(__file__).stem, cases, versions)
