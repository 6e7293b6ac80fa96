/** Where Pulumi runs and keeps what it knows. Holds no secret: those are read from files that `env` names. */
export interface EngineSettings {
  /** Root of the project, where `Pulumi.yaml` is and every operation runs. */
  projectFolder: string;
  /** Where the stacks' own settings are kept, which hold only Pulumi's salt. */
  settingsFolder: string;
  /** PATH with the toolchain, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE, OS_CLOUD … */
  env: Record<string, string>;
}
