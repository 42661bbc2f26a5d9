import { tensor } from "@dl/tensor";
import { backward } from "@dl/autograd";
import { Linear, ReLU, Sequential, mseLoss } from "@dl/nn";
const m = new Sequential(new Linear(2,3), new ReLU(), new Linear(3,1));
const loss = mseLoss(m.forward(tensor([[1,2]])), tensor([[1]])); backward(loss); console.log(loss.item(), m.parameters());
