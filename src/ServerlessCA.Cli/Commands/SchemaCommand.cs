using System.CommandLine;
using ServerlessCA.Cli.Help;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>schema</c>, which writes the JSON Schema of a file that people write.</summary>
internal static class SchemaCommand
{
    private static readonly string[] Names = [.. PublishedSchemas.All.Select(schema => schema.Name)];

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here)
    {
        var name = new Argument<string>("NAME")
        {
            Description = string.Join("; ", PublishedSchemas.All.Select(schema => $"{schema.Name}: {schema.Describes}")),
        };
        name.CompletionSources.Add(Names);
        var command = new DocumentedCommand("schema", "Write the JSON Schema of a file, for editors")
        {
            Explanation = "An editor that knows the schema completes keys, explains them and underlines typos. The schema is of draft-07. "
                + "A served CA publishes the same at /schemas/NAME.json.",
            Examples =
            [
                new("serverless-ca schema tls > .vscode/tls.schema.json", "Writes the schema of tls.json beside the settings of VS Code."),
                new("serverless-ca schema settings", "Shows the schema of settings.json."),
            ],
        };
        command.Add(name);
        command.SetAction(parsed =>
        {
            string requested = parsed.GetRequiredValue(name);
            if (PublishedSchemas.Find(requested) is not { } schema)
            {
                string hint = Suggestion.Nearest(requested, Names) is { } meant ? $"did you mean '{meant}'?" : $"choose from {string.Join(", ", Names)}";
                throw CommandFault.Usage($"schema '{requested}' is unknown", hint);
            }

            here.Terminal.Write(schema.Write());
            return ExitCode.Done;
        });
        return command;
    }
}
