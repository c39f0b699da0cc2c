import { optionalKey } from "./keyDefinition";
import { anyText } from "./validators";

/** Keys `kubernetes:*`: which cluster. They are those of the Pulumi provider for Kubernetes. */
export const kubernetesKeys = {
  context: optionalKey({
    description: "Context of the kubeconfig; the current one if empty",
    example: "production",
    validate: anyText,
  }),
  kubeconfig: optionalKey({
    description: "A kubeconfig or the path of one, stored as a secret; `KUBECONFIG` if empty",
    example: "--secret kubernetes:kubeconfig",
    validate: anyText,
  }),
};
