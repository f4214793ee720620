using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Seamless.Telemetry;

namespace Seamless.Learning.Onnx;

/// <summary>Whether a model and its card come from somebody who is trusted: ECDSA P-256 with SHA-256 over the two files' SHA-256, each as a line of hex.</summary>
/// <remarks><c>sha256sum model.onnx card.json | cut -d' ' -f1 | openssl dgst -sha256 -sign key.pem -out model.onnx.sig</c></remarks>
internal sealed class ModelSignature(LearningOptions options)
{
    public const int MostBytes = 4096;
    private const int CurveBits = 256;
    private const string HowTo = "sign it with: sha256sum model.onnx card.json | cut -d' ' -f1 | openssl dgst -sha256 -sign key.pem -out model.onnx.sig";

    /// <summary>Null when it is in order.</summary>
    public Refusal? WhatIsWrong(ReadOnlySpan<byte> model, ReadOnlySpan<byte> card, byte[] signature)
    {
        if (signature.Length == 0) return Refusal.Invalid($"the model is not signed; {HowTo}");
        if (signature.Length > MostBytes) return Refusal.Invalid($"the signature has {signature.Length} bytes; one of ECDSA P-256 has about 70");
        if (options.TrustedKeys is not { Length: > 0 } file) return Refusal.Because("no key is trusted, so no model can be imported: name a PEM file of public keys in models.trustedKeys, and start again");
        var keys = Read(file);
        if (!keys.Succeeded) return keys.Refusal;
        var said = Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(model))}\n{Convert.ToHexStringLower(SHA256.HashData(card))}\n");
        var raw = Unwrapped(signature);
        foreach (var pem in keys.Value)
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            if (key.VerifyData(said, raw, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)) return null;
        }
        return Refusal.Because($"the signature is of none of the {keys.Value.Count} trusted keys ({file}), or the model or its card was changed after it was signed; {HowTo}");
    }

    /// <summary>The public keys of a PEM file, each on the curve P-256.</summary>
    private static Outcome<IReadOnlyList<string>> Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            var keys = new List<string>();
            while (PemEncoding.TryFind(text, out var found))
            {
                var pem = text[found.Location];
                if (text[found.Label] is not "PUBLIC KEY") return Refusal.Because($"{file}: it holds '{text[found.Label]}' where a PUBLIC KEY was expected");
                using var key = ECDsa.Create();
                key.ImportFromPem(pem);
                if (key.KeySize != CurveBits || key.ExportParameters(false).Curve.Oid.Value is not "1.2.840.10045.3.1.7") return Refusal.Because($"{file}: key {keys.Count + 1} is not on the curve P-256");
                keys.Add(pem);
                text = text[found.Location.End..];
            }
            return keys.Count > 0 ? keys : Refusal.Because($"{file}: it holds no PUBLIC KEY");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return Refusal.Because($"the trusted keys cannot be read: {file}: {unreadable.Message}; expected are ECDSA P-256 public keys in PEM");
        }
    }

    /// <summary>As openssl writes it, or that in base64.</summary>
    private static byte[] Unwrapped(byte[] signature)
    {
        if (signature[0] == 0x30 || !Base64.IsValid(signature)) return signature;
        return Convert.FromBase64String(Encoding.ASCII.GetString(signature));
    }
}
