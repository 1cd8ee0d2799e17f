using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Emulators.FakeKms;

namespace ServerlessCA.Conformance.Aws;

/// <summary>A KMS with the two keys of a case. Aliases follow when the case changes its names.</summary>
internal sealed class CaseKms : IAsyncDisposable
{
    private const string Root = "alias/root";
    private const string Issuing = "alias/issuing";

    private readonly KmsServer server;

    private CaseKms(KmsServer server) => this.server = server;

    public Uri Address => server.Address;

    public ReadOnlyMemory<byte> RootKey => server.PublicKey(Root);

    public ReadOnlyMemory<byte> IssuingKey => server.PublicKey(Issuing);

    public static async Task<CaseKms> StartAsync(ScenarioSettings settings)
    {
        KmsServer server = await KmsServer.StartAsync();
        server.CreateKey(Root, NameOf(settings.RootKey));
        server.CreateKey(Issuing, NameOf(settings.IssuingKey));
        return new CaseKms(server);
    }

    public void Name(CaNames names)
    {
        server.SetAlias($"alias/{names.RootCa}", Root);
        server.SetAlias($"alias/{names.IssuingCa}", Issuing);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static string NameOf(KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => "RSA_2048",
        KeySpec.Rsa3072 => "RSA_3072",
        KeySpec.Rsa4096 => "RSA_4096",
        KeySpec.EccNistP256 => "ECC_NIST_P256",
        KeySpec.EccNistP384 => "ECC_NIST_P384",
        KeySpec.EccNistP521 => "ECC_NIST_P521",
        KeySpec.MlDsa44 => "ML_DSA_44",
        KeySpec.MlDsa65 => "ML_DSA_65",
        KeySpec.MlDsa87 => "ML_DSA_87",
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "not a key of the contract"),
    };
}
