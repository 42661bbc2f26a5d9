/** A picture that @dl/figures or @dl/metrics drew: SVG text with a title of its own. */
export const Figure = ({ svg }: { readonly svg: string }) => <div class="figure" dangerouslySetInnerHTML={{ __html: svg }} />;
