namespace ServerlessCA.Lambda.Settings;

/// <summary>The functions' short names, as the handler setting of a Lambda function has them.</summary>
public static class FunctionNames
{
    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, FunctionKind> All { get; } = new Dictionary<string, FunctionKind>(StringComparer.Ordinal)
    {
        ["create-root-ca"] = FunctionKind.CreateRootCa,
        ["create-issuing-ca"] = FunctionKind.CreateIssuingCa,
        ["root-ca-crl"] = FunctionKind.RootCrl,
        ["issuing-ca-crl"] = FunctionKind.IssuingCrl,
        ["tls-cert"] = FunctionKind.TlsCert,
        ["expiry"] = FunctionKind.Expiry,
        ["notify"] = FunctionKind.Notify,
    };
}
