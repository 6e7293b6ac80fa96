export interface Lock { owner: string; host: string; pid: number; since: string }
export function readLockMessage(_output: string): Lock[] | undefined {
  return undefined;
}
