using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Keys;

/// <summary>CA keys as files <c>{CA name}.key.pem</c>: PKCS#8, with a passphrase encrypted (PBES2, AES-256-CBC,
/// PBKDF2 with 600,000 rounds of HMAC-SHA-256), readable by their owner only. Safe for concurrent use, also by
/// several processes. A key is decrypted once and then kept until its file changes.</summary>
/// <param name="folder">The folder; it is made, 0700, with the first key.</param>
/// <param name="passphrase">Null: the files are not encrypted.</param>
/// <param name="clock">Tells which leftovers of killed processes are old enough to delete.</param>
public sealed class KeyFiles(string folder, IPassphraseSource? passphrase, TimeProvider clock) : ICaKeys, IDisposable
{
    private readonly KeyFolder files = new(folder);
    private readonly ConcurrentDictionary<string, OpenedKey> opened = new(StringComparer.Ordinal);
    private readonly Lock opening = new();

    /// <inheritdoc/>
    public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) => Task.Run(() => Find(caName), cancellation);

    /// <summary>Makes a CA's key if it has none. Of several processes exactly one makes it; an existing file, whatever
    /// it holds, is never replaced.</summary>
    /// <param name="caName">The CA's name, such as <c>serverless-root-ca-dev</c>.</param>
    /// <param name="spec">Type and size.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when there is a key already, perhaps of another spec.</returns>
    /// <exception cref="CaKeyUnavailableException">Perhaps made: safe to repeat.</exception>
    public Task<bool> CreateAsync(string caName, KeySpec spec, CancellationToken cancellation) =>
        files.CreateAsync(files.PathOf(caName), () => Generate(spec), clock, cancellation);

    /// <summary>Forgets the keys; they cannot sign any more.</summary>
    public void Dispose()
    {
        foreach (OpenedKey key in opened.Values)
        {
            (key.Key as IDisposable)?.Dispose();
        }

        opened.Clear();
    }

    private byte[] Generate(KeySpec spec)
    {
        byte[]? words = passphrase?.Read();
        byte[] keyInfo = NewKey.Generate(spec);
        try
        {
            return KeyPem.Write(words is null ? keyInfo : EncryptedKey.Encrypt(keyInfo, words), encrypted: words is not null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keyInfo);
            CryptographicOperations.ZeroMemory(words);
        }
    }

    private ICaKey? Find(string caName)
    {
        string path = files.PathOf(caName);
        byte[]? file = files.Read(path);
        if (file is null)
        {
            return null;
        }

        try
        {
            string digest = Convert.ToHexString(SHA256.HashData(file));
            lock (opening) // decrypting takes a fifth of a second: not twice at once
            {
                // What was opened before may still be signing: it is left to the garbage collector.
                return opened.TryGetValue(path, out OpenedKey? known) && known.Digest == digest
                    ? known.Key
                    : (opened[path] = new OpenedKey(digest, Open(path, file))).Key;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(file);
        }
    }

    private ICaKey Open(string path, byte[] file)
    {
        byte[]? keyInfo = null;
        try
        {
            (keyInfo, bool encrypted) = KeyPem.Read(file);
            if (encrypted)
            {
                keyInfo = Decrypt(path, keyInfo);
            }
            else if (passphrase is not null)
            {
                throw new FormatException($"is not encrypted, though {passphrase.Name} is to hold its passphrase. "
                    + "Encrypt it (openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000) or take the passphrase out of settings.json.");
            }

            return KeyReader.Read(keyInfo);
        }
        catch (FormatException error)
        {
            throw new CaKeyUnavailableException($"Key file '{path}' {error.Message}", error);
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException)
        {
            throw new CaKeyUnavailableException($"Key file '{path}' is damaged: {error.Message.TrimEnd('.')}. Restore it from a backup.", error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keyInfo);
        }
    }

    private byte[] Decrypt(string path, byte[] encrypted)
    {
        byte[] words = passphrase?.Read() ?? throw new FormatException(
            "is encrypted. Name its passphrase in settings.json: key_passphrase_env or key_passphrase_file.");
        try
        {
            return EncryptedKey.Decrypt(encrypted, words);
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException)
        {
            throw new CaKeyUnavailableException(
                $"The passphrase in {passphrase.Name} does not open key file '{path}': {error.Message} "
                + "Set the right passphrase; if it is right, restore the file from a backup.",
                error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(words);
        }
    }

    private sealed record OpenedKey(string Digest, ICaKey Key);
}
