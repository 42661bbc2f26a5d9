/** Words that tell a group's topic. */
export const topicWords: Readonly<Record<string, readonly string[]>> = {
  "art.music": ["melody", "concert", "violin", "rhythm", "chord", "orchestra", "song", "piano", "singer", "tune"],
  "art.painting": ["canvas", "brush", "portrait", "gallery", "colour", "sketch", "landscape", "museum", "oil", "pigment"],
  "comp.graphics": ["pixel", "render", "shader", "polygon", "texture", "screen", "vector", "bitmap", "lighting", "animation"],
  "comp.hardware": ["processor", "memory", "disk", "motherboard", "cable", "chip", "monitor", "keyboard", "voltage", "drive"],
  "comp.network": ["router", "packet", "server", "protocol", "modem", "bandwidth", "firewall", "address", "port", "wireless"],
  "home.cooking": ["recipe", "oven", "flour", "onion", "garlic", "sauce", "butter", "spice", "boil", "dough"],
  "home.garden": ["soil", "seed", "flower", "rose", "compost", "hedge", "lawn", "prune", "tulip", "weed"],
  "misc.market": ["sale", "price", "offer", "shipping", "bargain", "discount", "buyer", "seller", "bid", "payment"],
  "misc.travel": ["hotel", "passport", "beach", "airport", "luggage", "tourist", "map", "island", "ticket", "visa"],
  "rec.autos": ["engine", "brake", "tyre", "gearbox", "dealer", "sedan", "highway", "fuel", "bumper", "steering"],
  "rec.chess": ["bishop", "knight", "pawn", "checkmate", "opening", "rook", "gambit", "castle", "endgame", "board"],
  "rec.football": ["goal", "striker", "penalty", "referee", "stadium", "league", "keeper", "corner", "pitch", "coach"],
  "rec.sailing": ["sail", "mast", "harbour", "anchor", "wind", "rudder", "keel", "crew", "regatta", "knots"],
  "sci.biology": ["cell", "gene", "protein", "enzyme", "species", "evolution", "membrane", "bacteria", "organism", "mutation"],
  "sci.chemistry": ["acid", "molecule", "reaction", "solvent", "catalyst", "ion", "polymer", "oxide", "bond", "crystal"],
  "sci.medicine": ["patient", "doctor", "symptom", "vaccine", "dose", "surgery", "fever", "diagnosis", "therapy", "nurse"],
  "sci.space": ["orbit", "rocket", "satellite", "planet", "moon", "launch", "telescope", "comet", "galaxy", "astronaut"],
  "talk.history": ["empire", "king", "castle", "treaty", "century", "dynasty", "battle", "archive", "revolution", "medieval"],
  "talk.philosophy": ["ethics", "logic", "truth", "mind", "reason", "knowledge", "virtue", "doubt", "argument", "being"],
  "talk.politics": ["election", "parliament", "senate", "vote", "law", "minister", "tax", "party", "reform", "campaign"],
};

/** Words that stand in messages on any topic. */
export const fillers: readonly string[] = [
  "the", "a", "and", "of", "to", "in", "is", "that", "it", "for", "on", "with", "as", "this", "but", "have", "not", "you", "are", "or", "what", "if", "about",
  "some", "one", "there", "would", "think", "know", "like", "just", "more", "when", "people", "anyone", "thanks", "question", "please", "time", "good",
];
