using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Tests.Certificates;

/// <summary>Reads the files of tests/golden/x509.</summary>
public static class Golden
{
    private static readonly string Folder = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    /// <summary>Reads the last element of a certificate or CRL, a BIT STRING, without its count of unused bits.</summary>
    public static byte[] SignatureOf(byte[] der)
    {
        AsnReader outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        outer.ReadEncodedValue();
        outer.ReadEncodedValue();
        return outer.ReadBitString(out _);
    }

    private static string Find(DirectoryInfo from)
    {
        for (DirectoryInfo? at = from; at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "tests", "golden", "x509");
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("tests/golden/x509 is not above the test program");
    }
}

/// <summary>A certificate's key, which answers with a signature that it made long ago.</summary>
public sealed class RecordedKey(PublicKey key, byte[] signature) : ICaKey
{
    public KeySpec Spec => KeySpecs.Of(key)!.Value;

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => key.SubjectPublicKeyInfo;

    public static RecordedKey Of(Certificate certificate, ReadOnlyMemory<byte> signature) =>
        new(certificate.PublicKey!, signature.ToArray());

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) => Task.FromResult(signature);
}
