import { Component, type ComponentChildren } from "preact";
import { Notice } from "../panels/notice.js";

interface State {
  readonly failure?: string;
}

/** Says what went wrong in place of an empty page. */
export class Boundary extends Component<{ readonly sorry: string; readonly children: ComponentChildren }, State> {
  override state: State = {};

  static override getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { failure } = this.state;
    return failure === undefined ? this.props.children : <Notice kind="error">{this.props.sorry} {failure}</Notice>;
  }
}
