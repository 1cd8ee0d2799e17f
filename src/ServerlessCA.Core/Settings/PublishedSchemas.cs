using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Settings;

/// <summary>Lists the JSON Schemas that the project ships: in <c>schemas/</c>, by the command <c>schema</c>, and at
/// <c>/schemas/NAME.json</c> of a served CA.</summary>
public static class PublishedSchemas
{
    /// <summary>Lists them by name.</summary>
    public static IReadOnlyList<PublishedSchema> All { get; } =
    [
        new("tls", "tls.json", RequestSchema.OfList),
        new("revoked", "revoked.json and revoked-root-ca.json", RevocationListSchema.Write),
        new("settings", "settings.json of a local CA", SettingsFileSchema.Write),
        new("request", "a request: the event of the function that issues, or the file of request --file", RequestSchema.OfRequest),
    ];

    /// <summary>Returns the one with a name; null when there is none.</summary>
    public static PublishedSchema? Find(string name) => All.FirstOrDefault(schema => schema.Name == name);
}

/// <summary>Is one JSON Schema. Immutable.</summary>
/// <param name="Name">Its name, such as <c>tls</c>.</param>
/// <param name="Describes">What it describes, for people.</param>
/// <param name="Write">Writes it, as a text that ends with a line feed.</param>
public sealed record PublishedSchema(string Name, string Describes, Func<string> Write)
{
    /// <summary>Gets the name of its file.</summary>
    public string File => $"{Name}.json";
}
