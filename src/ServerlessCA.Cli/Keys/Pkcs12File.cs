using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Cli.Keys;

/// <summary>A PKCS #12 file (RFC 7292): the key encrypted under PBES2, the certificates in the clear, as they are
/// public, all of it under a MAC with SHA-256. .NET's own serves only RSA and EC keys.</summary>
internal static class Pkcs12File
{
    // .NET, the strictest reader, takes at most 300,000 for each and 1,000,000 in all (Pkcs12LoaderLimits).
    private const int Rounds = 250_000;

    private const int SaltOctets = 16; // NIST SP 800-132 §5.1: at least 128 bits
    private const int MacBits = 256;
    private const int Version = 3; // RFC 7292 §4

    private const string Data = "1.2.840.113549.1.7.1"; // RFC 7292 §4.1 and appendix D, as the others
    private const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    private const string CertBag = "1.2.840.113549.1.12.10.1.3";
    private const string X509Certificate = "1.2.840.113549.1.9.22.1";
    private const string FriendlyName = "1.2.840.113549.1.9.20";
    private const string LocalKeyId = "1.2.840.113549.1.9.21";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";

    private static readonly Asn1Tag Explicit = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>Writes it.</summary>
    /// <param name="keyInfo">DER PrivateKeyInfo.</param>
    /// <param name="chain">DER certificates: the key's own, then its issuers.</param>
    /// <param name="passphrase">For key and MAC.</param>
    /// <param name="name">What programs call the entry.</param>
    public static byte[] Encode(byte[] keyInfo, IReadOnlyList<ReadOnlyMemory<byte>> chain, string passphrase, string name)
    {
        byte[] keyId = SHA256.HashData(chain[0].Span)[..SaltOctets];
        byte[] key = EncryptedKey.Encrypt(keyInfo, Encoding.UTF8.GetBytes(passphrase), Rounds);
        byte[] keyBags = Sequence(bags => WriteBag(bags, ShroudedKeyBag, value => value.WriteEncodedValue(key), name, keyId));
        byte[] certificates = Sequence(bags =>
        {
            for (int i = 0; i < chain.Count; i++)
            {
                ReadOnlyMemory<byte> der = chain[i];
                WriteBag(bags, CertBag, value => WriteCertificate(value, der), i == 0 ? name : null, i == 0 ? keyId : null);
            }
        });
        byte[] safe = Sequence(contents =>
        {
            WriteData(contents, certificates);
            WriteData(contents, keyBags);
        });
        return Sequence(file =>
        {
            file.WriteInteger(Version);
            WriteData(file, safe);
            WriteMac(file, safe, passphrase);
        });
    }

    private static byte[] Sequence(Action<AsnWriter> write)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            write(der);
        }

        return der.Encode();
    }

    private static void WriteData(AsnWriter der, byte[] content)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(Data);
            using (der.PushSequence(Explicit))
            {
                der.WriteOctetString(content);
            }
        }
    }

    private static void WriteBag(AsnWriter der, string type, Action<AsnWriter> value, string? name, byte[]? keyId)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(type);
            using (der.PushSequence(Explicit))
            {
                value(der);
            }

            if (name is not null && keyId is not null)
            {
                using (der.PushSetOf())
                {
                    WriteAttribute(der, FriendlyName, set => set.WriteCharacterString(UniversalTagNumber.BMPString, name));
                    WriteAttribute(der, LocalKeyId, set => set.WriteOctetString(keyId));
                }
            }
        }
    }

    private static void WriteAttribute(AsnWriter der, string type, Action<AsnWriter> value)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(type);
            using (der.PushSetOf())
            {
                value(der);
            }
        }
    }

    private static void WriteCertificate(AsnWriter der, ReadOnlyMemory<byte> certificate)
    {
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(X509Certificate);
            using (der.PushSequence(Explicit))
            {
                der.WriteOctetString(certificate.Span);
            }
        }
    }

    private static void WriteMac(AsnWriter der, byte[] safe, string passphrase)
    {
#pragma warning disable RS0030 // Key files draw their own randomness: nobody must be able to choose a salt for them.
        byte[] salt = RandomNumberGenerator.GetBytes(SaltOctets);
#pragma warning restore RS0030
        using (der.PushSequence())
        {
            using (der.PushSequence())
            {
                using (der.PushSequence())
                {
                    der.WriteObjectIdentifier(Sha256);
                    der.WriteNull();
                }

                der.WriteOctetString(HMACSHA256.HashData(MacKey(passphrase, salt), safe));
            }

            der.WriteOctetString(salt);
            der.WriteInteger(Rounds);
        }
    }

    // The derivation of RFC 7292 appendix B, which only MACs still use.
    private static byte[] MacKey(string passphrase, byte[] salt)
    {
        var generator = new Pkcs12ParametersGenerator(new Sha256Digest());
        generator.Init(PbeParametersGenerator.Pkcs12PasswordToBytes(passphrase.ToCharArray()), salt, Rounds);
        return ((KeyParameter)generator.GenerateDerivedMacParameters(MacBits)).GetKey();
    }
}
