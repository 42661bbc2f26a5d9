// Files in ONNX format: as much of its schema as small networks need.
import protobuf from "protobufjs";

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Model { int64 ir_version = 1; Graph graph = 7; repeated OperatorSet opset_import = 8; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { string name = 1; float f = 2; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dim dim = 1; }
  message Dim { int64 dim_value = 1; }
`, { keepCase: true });

const float = 1;
const irVersion = 9;
const opset = 20;

function attribute([name, value]) {
  if (Array.isArray(value)) return { name, ints: value, type: 7 };
  return Number.isInteger(value) ? { name, i: value, type: 2 } : { name, f: value, type: 1 };
}

const info = (name, shape) => ({ name, type: { tensor_type: { elem_type: float, shape: { dim: shape?.map((size) => ({ dim_value: size })) } } } });

/** A node: `[op, [inputs], output, attributes?]`. */
const node = ([op_type, input, output, attributes = {}]) => ({ op_type, input, output: [output], attribute: Object.entries(attributes).map(attribute) });
const initializer = ([name, { shape, values }]) => ({ name, dims: shape, data_type: float, raw_data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });

/** A model whose result is called "y". `inputs` and `weights`: arrays with their shapes by name. */
export function onnxModel({ nodes, inputs, weights, rank }) {
  const graph = {
    name: "program", node: nodes.map(node), initializer: Object.entries(weights).map(initializer),
    input: Object.entries(inputs).map(([name, { shape }]) => info(name, shape)), output: [info("y", Array.from({ length: rank }))],
  };
  const Model = root.lookupType("Model");
  return Model.encode(Model.fromObject({ ir_version: irVersion, opset_import: [{ domain: "", version: opset }], graph })).finish();
}
