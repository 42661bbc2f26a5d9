/** What reviews are made of. */
export const words = {
  good: ["good", "pleasant", "clever", "charming", "moving", "funny", "fresh", "gripping"],
  superb: ["superb", "brilliant", "stunning", "wonderful", "masterful", "unforgettable"],
  bad: ["bad", "boring", "dull", "weak", "clumsy", "flat", "tedious", "shallow"],
  awful: ["awful", "terrible", "dreadful", "horrible", "unbearable", "atrocious"],
  very: ["very", "really", "truly", "utterly"],
  not: ["not", "hardly", "never", "far from", "not at all", "anything but"],
} as const;

export const filmParts = ["acting", "story", "script", "music", "ending", "cast", "pace", "dialogue"] as const;

/** First halves of sentences, which the second half turns round. */
export const openings = {
  grim: ["i expected to hate it", "i feared the worst", "critics called it awful", "it begins badly", "my friends found it boring", "the trailer is terrible"],
  hopeful: ["i expected to love it", "i hoped for the best", "critics called it superb", "it begins well", "my friends found it funny", "the trailer is brilliant"],
} as const;
