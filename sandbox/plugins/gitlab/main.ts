import { runPlugin } from "../server";
import { GitLabProvider } from "./gitlab";

void runPlugin(() => new GitLabProvider());
