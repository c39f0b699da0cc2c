import { runPlugin } from "../server";
import { KubernetesProvider } from "./kubernetes";

void runPlugin((engine) => new KubernetesProvider(engine));
