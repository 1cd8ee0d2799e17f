using System.Diagnostics;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Functions;

/// <summary>The names of the functions (SPEC section 1): contract, scripts look functions up by them.</summary>
public static class FunctionNames
{
    /// <summary>All functions, in the order of the pipeline.</summary>
    public static IReadOnlyList<CaFunction> All { get; } = Enum.GetValues<CaFunction>();

    /// <summary>Such as <c>tls-cert</c>.</summary>
    public static string Short(CaFunction function) => function switch
    {
        CaFunction.CreateRootCa => "create-root-ca",
        CaFunction.CreateIssuingCa => "create-issuing-ca",
        CaFunction.RootCaCrl => "root-ca-crl",
        CaFunction.IssuingCaCrl => "issuing-ca-crl",
        CaFunction.TlsCert => "tls-cert",
        CaFunction.Expiry => "expiry",
        _ => throw new UnreachableException(),
    };

    /// <summary>Such as <c>serverless-tls-cert-dev</c>: always with the environment.</summary>
    public static string Full(CaNames names, CaFunction function) => $"{names.Project}-{Short(function)}-{names.Environment}";

    /// <summary>The function of a full name; null when this deployment has none of it. Names match exactly.</summary>
    public static CaFunction? Find(CaNames names, string fullName)
    {
        foreach (CaFunction function in All)
        {
            if (Full(names, function) == fullName)
            {
                return function;
            }
        }

        return null;
    }
}
