using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Options;

/// <summary>Compares classes of options with the reference document that holds their defaults and comments.</summary>
public static class OptionsReference
{
    /// <summary>
    /// The disagreements between a class and a section of the reference: a property without a key, a key without a
    /// property, in nested classes too. A property whose default is "none" has the key with <c>null</c>.
    /// </summary>
    /// <param name="type">The class of options.</param>
    /// <param name="section">The section in HOCON's form.</param>
    /// <param name="reference">The reference document.</param>
    public static IReadOnlyList<ConfigurationError> Check(Type type, string section, HoconDocument reference)
    {
        var errors = new List<ConfigurationError>();
        var path = HoconPath.Parse(section);
        var root = reference.ResolveObject();
        if (root.Find(path) is HoconObject defaults)
        {
            Compare(type, defaults, path, errors);
        }
        else
        {
            var message = $"{type.Name} has no section in the reference";
            errors.Add(new ConfigurationError(root.Origin, section, message, $"add {section} {{ ... }}"));
        }
        return errors;
    }

    private static void Compare(Type type, HoconObject defaults, HoconPath path, List<ConfigurationError> errors)
    {
        var shape = OptionsShape.Of(type);
        foreach (var (key, field) in defaults.Fields.Where(entry => !shape.Has(entry.Key)))
        {
            var problem = $"{type.Name} has no property for it";
            errors.Add(new ConfigurationError(field.KeyOrigin, path.Append(key).ToString(), problem, "remove the key"));
        }
        foreach (var member in shape.Members)
        {
            var key = path.Append(member.Key);
            if (!defaults.TryGetValue(member.Key, out var value))
            {
                var problem = $"{type.Name}.{member.Property.Name} has no key in the reference";
                errors.Add(new ConfigurationError(defaults.Origin, key.ToString(), problem, $"add {member.Key} = ..."));
            }
            else if (value is HoconObject nested && IsOptions(member.Type))
            {
                Compare(member.Type, nested, key, errors);
            }
        }
    }

    private static bool IsOptions(Type type) =>
        type != typeof(Secret) && ScalarReader.For(type) is null && CollectionShape.Of(type) is null;
}
