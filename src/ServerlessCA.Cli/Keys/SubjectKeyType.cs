using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;

namespace ServerlessCA.Cli.Keys;

/// <summary>The kinds of keys that <c>request</c> and <c>csr</c> make. Immutable.</summary>
internal sealed class SubjectKeyType
{
    /// <summary>What counts where nothing is said: small, fast and accepted everywhere.</summary>
    public const string Default = "ec-p256";

    private static readonly SubjectKeyType[] All =
    [
        new(Default, () => new PlatformSubjectKey(ECDsa.Create(ECCurve.NamedCurves.nistP256))),
        new("ec-p384", () => new PlatformSubjectKey(ECDsa.Create(ECCurve.NamedCurves.nistP384))),
        new("ec-p521", () => new PlatformSubjectKey(ECDsa.Create(ECCurve.NamedCurves.nistP521))),
        new("rsa-2048", () => new PlatformSubjectKey(RSA.Create(2048))),
        new("rsa-3072", () => new PlatformSubjectKey(RSA.Create(3072))),
        new("rsa-4096", () => new PlatformSubjectKey(RSA.Create(4096))),
        new("ed25519", SoftwareSubjectKey.Ed25519),
        new("ml-dsa-44", () => SoftwareSubjectKey.MlDsa(MLDsaParameters.ml_dsa_44)),
        new("ml-dsa-65", () => SoftwareSubjectKey.MlDsa(MLDsaParameters.ml_dsa_65)),
        new("ml-dsa-87", () => SoftwareSubjectKey.MlDsa(MLDsaParameters.ml_dsa_87)),
    ];

    private readonly Func<SubjectKey> generate;

    private SubjectKeyType(string name, Func<SubjectKey> generate)
    {
        Name = name;
        this.generate = generate;
    }

    /// <summary>As <c>--key-type</c> has it.</summary>
    public string Name { get; }

    /// <summary>All names, for option and help.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(type => type.Name)];

    /// <summary>The type of one of the <see cref="Names"/>.</summary>
    public static SubjectKeyType Of(string name) => All.Single(type => type.Name == name);

    /// <summary>Makes a key.</summary>
    public SubjectKey Generate() => generate();
}
