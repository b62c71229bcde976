using System.Text.Json;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Consents;

/// <summary>
/// Keeps a customer's consents among the traits, each under a name and with a time of its own, so that the newest one
/// wins by channel and purpose. No producer can send a trait of such a name.
/// </summary>
/// <remarks>
/// Two marks stand beside them: when everything was taken back, and when a channel was last refused as a whole, which
/// refuses what its purposes had granted before. With them it does not matter in which order late consents arrive.
/// </remarks>
internal static class ConsentTraits
{
    /// <summary>The trait by which an identify tells consents.</summary>
    public const string Trait = "consent";

    // No name of a channel or purpose holds a control character. The mark of "everything" sorts before all others.
    private const char Separator = '\u001f';
    private const string Prefix = "consent\u001f";

    private static ReadOnlySpan<byte> True => "true"u8;

    private static ReadOnlySpan<byte> False => "false"u8;

    public static bool IsReserved(string traitName) => traitName.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The trait of one consent.</summary>
    public static string NameOf(string channel, string? purpose) =>
        purpose is null ? Prefix + channel : $"{Prefix}{channel}{Separator}{purpose}";

    /// <summary>The trait's name for people, e.g. <c>consent.email.marketing</c>.</summary>
    public static string Show(string traitName) =>
        IsReserved(traitName) ? traitName.Replace(Separator, '.') : traitName;

    /// <summary>Takes in what was said at a time, and names the traits whose value has changed.</summary>
    public static void Say(TraitSet traits, in ConsentChoice said, Timestamp at, List<string> changed)
    {
        if (said.Channel.Length == 0)
        {
            ForgetAll(traits, at, changed);
            return;
        }

        if (IsAfter(traits.Find(Prefix), at))
        {
            return;
        }

        string refusal = RefusalOf(said.Channel);
        if (said.Purpose is null && said.Granted == false)
        {
            traits.Set(refusal, at, False);
            Refuse(traits, refusal, at, changed);
        }

        bool isRefused = said.Purpose is not null && IsAfter(traits.Find(refusal), at);
        ReadOnlySpan<byte> json =
            said.Granted is not { } granted ? default
            : granted && !isRefused ? True
            : False;
        Set(traits, NameOf(said.Channel, said.Purpose), at, json, changed);
    }

    /// <summary>
    /// Writes the consents that begin at <paramref name="first"/> as one object, e.g.
    /// <c>{"email":true,"sms":{"*":true,"marketing":false}}</c>. Returns what follows them.
    /// </summary>
    public static int Write(Utf8JsonWriter writer, IReadOnlyList<Trait> traits, int first)
    {
        int next = first;
        bool isOpen = false;
        while (next < traits.Count && IsReserved(traits[next].Name))
        {
            string channel = PartsOf(traits[next].Name).Channel;
            int end = next;
            while (end < traits.Count && IsReserved(traits[end].Name) && PartsOf(traits[end].Name).Channel == channel)
            {
                end++;
            }

            isOpen = WriteChannel(writer, channel, traits, next, end, isOpen);
            next = end;
        }

        if (isOpen)
        {
            writer.WriteEndObject();
        }

        return next;
    }

    private static bool WriteChannel(
        Utf8JsonWriter writer,
        string channel,
        IReadOnlyList<Trait> traits,
        int first,
        int end,
        bool isOpen
    )
    {
        List<(string? Purpose, byte[] Json)> known = [];
        for (int i = first; i < end; i++)
        {
            string? purpose = PartsOf(traits[i].Name).Purpose;
            if (purpose is not "" && traits[i].Json is { } json)
            {
                known.Add((purpose, json));
            }
        }

        if (known.Count == 0)
        {
            return isOpen;
        }

        if (!isOpen)
        {
            writer.WriteStartObject(Trait);
        }

        writer.WritePropertyName(channel);
        if (known is [(null, var alone)])
        {
            writer.WriteRawValue(alone, skipInputValidation: true);
            return true;
        }

        writer.WriteStartObject();
        foreach ((string? purpose, byte[] json) in known)
        {
            writer.WritePropertyName(purpose ?? ConsentEvent.AnyPurpose);
            writer.WriteRawValue(json, skipInputValidation: true);
        }

        writer.WriteEndObject();
        return true;
    }

    // Each keeps the time at which it was said: what is said later at that time or after it is newer.
    private static void Refuse(TraitSet traits, string refusal, Timestamp at, List<string> changed)
    {
        for (int i = 0; i < traits.All.Count; i++)
        {
            Trait trait = traits.All[i];
            bool isPurpose =
                trait.Name.Length > refusal.Length && trait.Name.StartsWith(refusal, StringComparison.Ordinal);
            if (isPurpose && trait.Json is not null && trait.At <= at)
            {
                Set(traits, trait.Name, trait.At, False, changed);
            }
        }
    }

    private static void ForgetAll(TraitSet traits, Timestamp at, List<string> changed)
    {
        traits.Set(Prefix, at, default);
        for (int i = 0; i < traits.All.Count; i++)
        {
            string name = traits.All[i].Name;
            if (name.Length > Prefix.Length && IsReserved(name) && name[^1] != Separator)
            {
                Set(traits, name, at, default, changed);
            }
        }
    }

    private static void Set(TraitSet traits, string name, Timestamp at, ReadOnlySpan<byte> json, List<string> changed)
    {
        if (traits.Set(name, at, json))
        {
            changed.Add(name);
        }
    }

    private static bool IsAfter(Trait? mark, Timestamp at) => mark is not null && mark.At > at;

    private static string RefusalOf(string channel) => $"{Prefix}{channel}{Separator}";

    // The purpose of a refusal's mark is empty.
    private static (string Channel, string? Purpose) PartsOf(string name)
    {
        int separator = name.IndexOf(Separator, Prefix.Length);
        return separator < 0
            ? (name[Prefix.Length..], null)
            : (name[Prefix.Length..separator], name[(separator + 1)..]);
    }
}
