import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { keptFolder, renderKeepScript } from "./keptFiles";

/** Storage of the folder. The files that are kept can't fill it, since Kubernetes would end a pod whose volume is full. */
const volumeSize = "96Mi";

/** Storage that pods may use with the default resources if they keep files. */
export const keptStorageLimit = "256Mi";

/** A volume, and the containers that fill it before nginx starts. */
export interface KeptReleases {
  readonly initContainers: pulumi.Output<k8s.types.input.core.v1.Container[]>;
  readonly volume: k8s.types.input.core.v1.Volume;
  readonly mount: k8s.types.input.core.v1.VolumeMount;
}

/**
 * Keeps the compiled files of the releases before, so that a page that was opened then still finds them.
 *
 * @param images the releases before, the newest first: its files come first where not all have room
 * @param container what the containers have in common with that of the site
 */
export function keepReleases(
  images: pulumi.Input<readonly string[]>,
  container: Omit<k8s.types.input.core.v1.Container, "name">,
): KeptReleases {
  const mount = { name: "kept", mountPath: keptFolder };
  const command = ["sh", "-c", renderKeepScript()];
  return {
    initContainers: pulumi.output(images).apply((known) =>
      known.map((image, index) => ({
        name: index === 0 ? "keep-release" : `keep-release-${index + 1}`,
        image,
        command,
        ...container,
        volumeMounts: [mount],
      })),
    ),
    volume: { name: mount.name, emptyDir: { sizeLimit: volumeSize } },
    mount: { ...mount, readOnly: true },
  };
}
