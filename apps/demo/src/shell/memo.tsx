import { Component, type FunctionComponent } from "preact";

/** A component that is drawn again only when one of its properties is another: pages that hear of every step redraw little. */
export function memo<P extends object>(Inner: FunctionComponent<P>) {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return Object.entries(next).some(([name, value]) => value !== (this.props as Readonly<Record<string, unknown>>)[name]);
    }

    override render() {
      return <Inner {...this.props} />;
    }
  };
}
