using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Authorities;

/// <summary>One choice of whoever makes a CA. Immutable.</summary>
/// <param name="Setting">Of <c>settings.json</c>.</param>
/// <param name="Option">On the command line.</param>
/// <param name="Value">What was chosen.</param>
internal sealed record FirstUseChoice(Setting Setting, string Option, string Value);
