using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Keys;

/// <summary>Stores CA keys in files <c>{CA name}.key.pem</c>: PKCS#8, encrypted if there is a passphrase (PBES2,
/// AES-256-CBC, PBKDF2 with 600,000 iterations of HMAC-SHA-256), readable by their owner only. Safe for concurrent use,
/// also by several processes. A key is decrypted once and then cached until its file changes.</summary>
/// <param name="folder">Created, 0700, with the first key.</param>
/// <param name="passphrase">Null: the files are not encrypted.</param>
/// <param name="clock">Decides which leftovers of killed processes are old enough to delete.</param>
public sealed class KeyFiles(string folder, IPassphraseSource? passphrase, TimeProvider clock) : ICaKeys, IDisposable
{
    private readonly KeyFolder files = new(folder);
    private readonly ConcurrentDictionary<string, OpenedKey> opened = new(StringComparer.Ordinal);
    private readonly Lock opening = new();

    /// <inheritdoc/>
    public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) => AtOnce.Run(() => Find(caName), cancellation);

    /// <summary>Creates a CA's key if it has none. Of several processes exactly one creates it. An existing file,
    /// whatever it holds, is never replaced.</summary>
    /// <param name="caName">The CA's name, such as <c>serverless-root-ca-dev</c>.</param>
    /// <param name="spec">The type and size of the key.</param>
    /// <param name="cancellation">Stops waiting for other processes.</param>
    /// <returns>False if there is a key already, perhaps of another spec.</returns>
    /// <exception cref="CaKeyUnavailableException">The key may have been created. A retry is safe.</exception>
    public Task<bool> CreateAsync(string caName, KeySpec spec, CancellationToken cancellation) =>
        files.CreateAsync(files.PathOf(caName), () => Generate(spec), clock, cancellation);

    /// <summary>Forgets the keys. They cannot sign any more.</summary>
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
                // A key that was opened before may still be signing: it is left to the garbage collector.
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

/// <summary>Reads and writes key files, and checks who may read them: the folder is 0700, the files are 0600 or 0400,
/// and none is a symbolic link.</summary>
internal sealed class KeyFolder(string folder)
{
    private const int MaxBytes = 64 * 1024; // our decision: the largest PKCS#8, ML-DSA-87 expanded, takes 7 KiB

    /// <summary>Returns the path of a CA's key.</summary>
    /// <exception cref="CaKeyUnavailableException">The name cannot be that of a file.</exception>
    public string PathOf(string caName) => StoreKey.IsSafe($"{caName}.key.pem")
        ? Path.Combine(folder, $"{caName}.key.pem")
        : throw new CaKeyUnavailableException(
            $"'{caName}' cannot name a key file. Use letters, digits and dashes in project and env.");

    /// <summary>Returns a file's bytes, or null if there is none. The caller zeroes them.</summary>
    /// <exception cref="CaKeyUnavailableException">The file cannot be read, or others could read it, too.</exception>
    public byte[]? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!Access.IsThere(file))
            {
                return null;
            }

            CheckFolder();
            CheckFile(file);
            return RegularFile.ReadAllBytes(path, MaxBytes, followLink: false) ?? throw NotAKey(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CaKeyUnavailableException(
                $"Key file '{path}' cannot be read: {error.Message.TrimEnd('.')}. Check the disk and who may read the file.", error);
        }
    }

    /// <summary>Writes a key durably; false if there is one already, which stays as it is.</summary>
    /// <exception cref="CaKeyUnavailableException">The file cannot be written.</exception>
    public async Task<bool> CreateAsync(
        string path, Func<byte[]> write, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            DurableFolder.Create(folder, Access.OwnerFolder);
            CheckFolder();
            using FolderLock turn = await FolderLock.TakeAsync(folder, FolderLock.Timeout, cancellation);
            AtomicFile.DeleteLeftovers(folder, clock.GetUtcNow());
            return !Access.Exists(path) && await Task.Run(() => AtomicFile.Create(path, write(), Access.OwnerFile), CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CaKeyUnavailableException(
                $"Key file '{path}' cannot be written: {error.Message.TrimEnd('.')}. Check the disk and who may write there.", error);
        }
    }

    private void CheckFolder()
    {
        var found = new DirectoryInfo(folder);
        if (Access.IsLink(found))
        {
            throw new CaKeyUnavailableException($"Key folder '{folder}' is a symbolic link. Put the folder itself there.");
        }

        if (Access.OpenToOthers(found) is { } mode)
        {
            throw new CaKeyUnavailableException(
                $"Others can enter key folder '{folder}' (mode {Access.Octal(mode)}). Run: chmod 700 '{folder}'");
        }
    }

    // All is answered by one look at the file.
    private static void CheckFile(FileInfo file)
    {
        if (Access.IsLink(file))
        {
            throw new CaKeyUnavailableException($"Key file '{file}' is a symbolic link. Put the file itself there.");
        }

        if (Access.OpenToOthers(file) is { } mode)
        {
            throw new CaKeyUnavailableException(
                $"Others can use key file '{file}' (mode {Access.Octal(mode)}). Run: chmod 600 '{file}'. "
                + "If somebody may have read it, replace the CA.");
        }

        if (file.Attributes.HasFlag(FileAttributes.Directory))
        {
            throw NotAKey(file.ToString());
        }
    }

    private static CaKeyUnavailableException NotAKey(string path) => new($"'{path}' is not a key file. Restore it from a backup.");
}
