namespace ServerlessCA.Emulators.FakeKms;

/// <summary>An error as KMS answers it: <c>__type</c>, message and status ("Common errors", and each action's).</summary>
internal sealed class KmsError(string type, string message, int status = 400) : Exception(message)
{
    public string Type => type;

    public int Status => status;

    public static KmsError Validation(string message) => new("ValidationException", message);

    public static KmsError NotFound(string what) => new("NotFoundException", what);
}
