using System.Security.Cryptography;

namespace StreamSegmenter.Node.Ingest;

/// <summary>Ids for events whose producer gave none.</summary>
public static class RandomMessageIds
{
    /// <summary>
    /// 128 random bits in hexadecimal, behind a prefix that tells where the id came from. Thread-safe.
    /// </summary>
    public static string Next() => "ingest-" + RandomNumberGenerator.GetHexString(32, lowercase: true);
}
