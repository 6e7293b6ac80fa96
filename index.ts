import { soloProgram } from "./stacks/soloProgram.ts";

// One student with the class part of a lab, from the stack's configuration: see Pulumi.yaml for its keys and Pulumi.dev.yaml for an example.
export const { instances, networks, volumes, snapshots, objects, loadBalancers, project, password, operatorFiles } =
  await soloProgram();
