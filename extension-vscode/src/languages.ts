/** Language identifiers of the editor whose files the server reads. */
export const LANGUAGES = ["python", "c", "cpp"] as const;
