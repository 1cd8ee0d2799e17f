namespace ServerlessCA.Local.Settings;

/// <summary><c>settings.json</c> cannot be used. The message names the file, the key and what is expected.</summary>
public sealed class SettingsUnusableException(string message, Exception? cause = null) : Exception(message, cause);
