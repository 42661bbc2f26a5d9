import { ShapeError, checkChoice } from "@dl/registry";
import { indexSelect, lerp, showShape, tensor, type Tensor } from "@dl/tensor";
import { fromHex, type Colour } from "./colours.js";

export type ColourMapName = "viridis" | "inferno" | "jet" | "greys";

const spelled = (hexes: string): Colour[] => hexes.split(" ").map(fromHex);

/**
 * Colours at equal distances from 0 to 1; in between they are mixed. viridis and inferno are every fifteenth of matplotlib's 256, which keeps
 * their even steps of lightness (Smith & van der Walt, 2015; CC0); jet is MATLAB's clamp(1.5 − |4·v − c|, 0, 1) with c = 3, 2, 1.
 */
const stops: Readonly<Record<ColourMapName, () => readonly Colour[]>> = {
  viridis: () => spelled("440154 481769 472a7a 433d84 3d4e8a 355e8d 2e6d8e 297b8e 23898e 1f978b 21a585 2eb37c 46c06f 65cb5e 89d548 b0dd2f d8e219 fde725"),
  inferno: () => spelled("000004 0a0722 1e0c45 380962 510e6c 69166e 801f6c 982766 b0315b c63d4d d94d3d e9612b f47918 fa9407 fcb014 f8cd37 f2ea69 fcffa4"),
  jet: () => spelled("000080 0000ff 0080ff 00ffff 80ff80 ffff00 ff8000 ff0000 800000"),
  greys: () => spelled("000000 ffffff"),
};

/**
 * Numbers as colours: `colourMap("viridis")(values)`. 0 is the first colour of the map, 1 the last; what lies outside is cut. viridis and inferno
 * grow evenly lighter, also in print and for the colour-blind; greys goes from black to white.
 * Shapes: [H, W] → [3, H, W]; [.., H, W] → [.., 3, H, W].
 * @throws ValueError for another name; the function: ShapeError below two dims
 */
export function colourMap(name: ColourMapName): (values: Tensor) => Tensor {
  checkChoice("colourMap", "name", name, ["viridis", "inferno", "jet", "greys"]);
  const colours = stops[name]();
  return (values) => {
    const { ndim, shape, dtype, backend } = values;
    if (ndim < 2) throw new ShapeError("colourMap", `the values have shape ${showShape(shape)}`, "Give [.., H, W]", { shape });
    const table = tensor(colours.map((colour) => [...colour]), { dtype, backend });
    const place = values.detach().clamp(0, 1).mul(colours.length - 1).flatten();
    const below = place.to("int32").clamp(0, colours.length - 2);
    const mixed = lerp(indexSelect(table, 0, below), indexSelect(table, 0, below.add(1)), place.sub(below.to(dtype)).unsqueeze(1));
    const last = Array.from({ length: ndim - 2 }, (_, d) => d);
    return mixed.reshape([...shape, 3]).permute([...last, ndim, ndim - 2, ndim - 1]).contiguous();
  };
}
