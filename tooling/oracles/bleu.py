"""BLEU of 20 translations as sacreBLEU computes it, of all and of each alone; bleu.test.ts compares.

Needs sacrebleu 2.6 from PyPI. Sentences are split into tokens by its standard tokenizer, 13a.
"""
import sacrebleu
from sacrebleu.metrics import BLEU
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

import store

PAIRS = [
    ("Le chat est sur le tapis.", ["Le chat est sur le tapis."]),
    ("Une femme court avec son chien.", ["Une femme court avec son chien."]),
    ("Un homme court avec le chien.", ["Une femme court avec son chien."]),
    ("Le chat le chat le chat le chat.", ["Le chat dort, le chien joue."]),
    ("Le garçon mange.", ["Le garçon mange une pomme rouge dans le jardin."]),
    ("Je ne sais pas ce que je dois faire demain matin.", ["Je ne sais pas quoi faire demain."]),
    ("Où est la gare ?", ["Où se trouve la gare ?", "Où est la gare ?"]),
    ("Il fait très froid aujourd'hui.", ["Il fait froid aujourd'hui.", "Aujourd'hui, il fait très froid."]),
    ("Deux chiens noirs courent dans l'herbe verte.", ["Deux chiens noirs courent dans l'herbe."]),
    ("La petite fille joue avec une balle.", ["Une petite fille joue avec un ballon."]),
    ("Les gens attendent le train de 8.30 heures.", ["Les gens attendent le train de 8.30 heures."]),
    ("Cela coûte 3,50 euros.", ["Ça coûte 3,50 euros."]),
    ("Va !", ["Va !"]),
    ("Oui.", ["Non."]),
    ("Elle a dit : « Bonjour ».", ["Elle a dit « Bonjour »."]),
    ("Nous irons au cinéma ce soir si tu veux bien.", ["Nous irons au cinéma ce soir si tu veux."]),
    ("Le roi regarde la reine noire.", ["Le roi regarde la reine noire.", "Le roi observe la reine en noir."]),
    ("Mon frère habite à Paris depuis dix ans.", ["Mon frère vit à Paris depuis dix ans."]),
    ("Merci beaucoup !", ["Merci infiniment !"]),
    ("Un groupe de personnes se tient devant un bâtiment.", ["Un groupe de personnes est debout devant un bâtiment."]),
]

split = Tokenizer13a()
candidates = [candidate for candidate, _ in PAIRS]
references = [own for _, own in PAIRS]
cases = []


def add(name, chosen, smoothing):
    """sacreBLEU wants the first references of all, then the second ones; it calls the exponential smoothing "exp" as well, and "floor" with 0.1 is our epsilon."""
    metric = BLEU(smooth_method={"epsilon": "floor"}.get(smoothing, smoothing), effective_order=False)
    columns = max(len(references[i]) for i in chosen)
    streams = [[references[i][k] if k < len(references[i]) else None for i in chosen] for k in range(columns)]
    score = metric.corpus_score([candidates[i] for i in chosen], streams).score / 100
    options = {
        "candidates": [split(candidates[i]).split() for i in chosen],
        "references": [[split(reference).split() for reference in references[i]] for i in chosen],
        "smoothing": smoothing,
        "score": score,
    }
    cases.append({"name": name, "options": options, "tensors": {}})


everything = list(range(len(PAIRS)))
for smoothing in ["none", "exp", "epsilon"]:
    add("all 20 pairs", everything, smoothing)
    add("the first ten", everything[:10], smoothing)
for i in everything:
    add(f"pair {i} alone", [i], "exp")

store.write("bleu", cases, f"sacreBLEU {sacrebleu.__version__}")
