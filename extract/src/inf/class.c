#include "inf/package.h"
#include "inf/target.h"

/*
 * The setup classes that Windows brings, sorted. Source: Windows driver documentation,
 * "System-Defined Device Setup Classes" (available to vendors, reserved) and "File System Filter
 * Driver Classes and Class GUIDs"; those of newer Windows from devguid.h.
 */
static const char *const system_classes[] = {
    "{1ed2bbf9-11f0-4084-b21f-ad83a8e6dcdc}", /* PrintQueue */
    "{25dbce51-6c8f-4a72-8a6d-b54c2b4fc835}", /* WCEUSBS */
    "{268c95a1-edfe-11d3-95c3-0010dc4050a5}", /* SecurityAccelerator */
    "{36fc9e60-c465-11cf-8056-444553540000}", /* USB */
    "{3e3f0674-c83c-4558-bb26-9820e1eba5c5}", /* ContentScreener */
    "{4658ee7e-f050-11d1-b6bd-00c04fa372a7}", /* PNPPrinters */
    "{48721b56-6795-11d2-b1a8-0080c72e74a2}", /* Dot4 */
    "{48d3ebc4-4cf8-48ff-b869-9c68ad42eb9f}", /* Replication */
    "{49ce6ac8-6f86-11d2-b1e5-0080c72e74a2}", /* Dot4Print */
    "{4d36e964-e325-11ce-bfc1-08002be10318}", /* Adapter */
    "{4d36e965-e325-11ce-bfc1-08002be10318}", /* CDROM */
    "{4d36e966-e325-11ce-bfc1-08002be10318}", /* Computer */
    "{4d36e967-e325-11ce-bfc1-08002be10318}", /* DiskDrive */
    "{4d36e968-e325-11ce-bfc1-08002be10318}", /* Display */
    "{4d36e969-e325-11ce-bfc1-08002be10318}", /* FDC */
    "{4d36e96a-e325-11ce-bfc1-08002be10318}", /* HDC */
    "{4d36e96b-e325-11ce-bfc1-08002be10318}", /* Keyboard */
    "{4d36e96c-e325-11ce-bfc1-08002be10318}", /* Media */
    "{4d36e96d-e325-11ce-bfc1-08002be10318}", /* Modem */
    "{4d36e96e-e325-11ce-bfc1-08002be10318}", /* Monitor */
    "{4d36e96f-e325-11ce-bfc1-08002be10318}", /* Mouse */
    "{4d36e970-e325-11ce-bfc1-08002be10318}", /* MTD */
    "{4d36e971-e325-11ce-bfc1-08002be10318}", /* Multifunction */
    "{4d36e972-e325-11ce-bfc1-08002be10318}", /* Net */
    "{4d36e973-e325-11ce-bfc1-08002be10318}", /* NetClient */
    "{4d36e974-e325-11ce-bfc1-08002be10318}", /* NetService */
    "{4d36e975-e325-11ce-bfc1-08002be10318}", /* NetTrans */
    "{4d36e976-e325-11ce-bfc1-08002be10318}", /* NoDriver */
    "{4d36e977-e325-11ce-bfc1-08002be10318}", /* PCMCIA */
    "{4d36e978-e325-11ce-bfc1-08002be10318}", /* Ports */
    "{4d36e979-e325-11ce-bfc1-08002be10318}", /* Printer */
    "{4d36e97a-e325-11ce-bfc1-08002be10318}", /* PrinterUpgrade */
    "{4d36e97b-e325-11ce-bfc1-08002be10318}", /* SCSIAdapter */
    "{4d36e97c-e325-11ce-bfc1-08002be10318}", /* Sound */
    "{4d36e97d-e325-11ce-bfc1-08002be10318}", /* System */
    "{4d36e97e-e325-11ce-bfc1-08002be10318}", /* Unknown */
    "{4d36e980-e325-11ce-bfc1-08002be10318}", /* FloppyDisk */
    "{50127dc3-0f36-415e-a6cc-4cb3be910b65}", /* Processor */
    "{50906cb8-ba12-11d1-bf5d-0000f805f530}", /* MultiportSerial */
    "{50dd5230-ba8a-11d1-bf5d-0000f805f530}", /* SmartCardReader */
    "{5175d334-c371-4806-b3ba-71fd53c9258d}", /* Sensor */
    "{533c5b84-ec70-11d2-9505-00c04f79deaf}", /* VolumeSnapshot */
    "{53d29ef7-377c-4d14-864b-eb3a85769359}", /* Biometric */
    "{5630831c-06c9-4856-b327-f5d32586e060}", /* Proximity */
    "{5989fce8-9cd0-467d-8a6a-5419e31529d4}", /* AudioProcessingObject */
    "{5c4c3332-344d-483c-8739-259e934c9cc8}", /* SoftwareComponent */
    "{5d1b9aaa-01e2-46af-849f-272b3f324c46}", /* FSFilterSystem */
    "{62f9c741-b25a-46ce-b54c-9bccce08b6f2}", /* SoftwareDevice */
    "{66f250d6-7801-4a64-b139-eea80a450b24}", /* 1394Debug */
    "{6a0a8e78-bba6-4fc4-a709-1e33cd09d67e}", /* PhysicalQuotaManagement */
    "{6bdd1fc1-810f-11d0-bec7-08002be2092f}", /* 1394 */
    "{6bdd1fc2-810f-11d0-bec7-08002be2092f}", /* Decoder */
    "{6bdd1fc3-810f-11d0-bec7-08002be2092f}", /* GPS */
    "{6bdd1fc5-810f-11d0-bec7-08002be2092f}", /* Infrared */
    "{6bdd1fc6-810f-11d0-bec7-08002be2092f}", /* Image */
    "{6d807884-7d21-11cf-801c-08002be10318}", /* TapeDrive */
    "{71a27cdd-812a-11d0-bec7-08002be2092f}", /* Volume */
    "{71aa14f8-6fad-4622-ad77-92bb9d7e6947}", /* ContinuousBackup */
    "{72631e54-78a4-11d0-bcf7-00aa00b7b32a}", /* Battery */
    "{745a17a0-74d3-11d0-b6fe-00a0c90f57da}", /* HIDClass */
    "{7ebefbc0-3200-11d2-b4c2-00a0c9697d07}", /* 61883 */
    "{8503c911-a6c7-4919-8f79-5028f5866b0c}", /* QuotaManagement */
    "{88bae032-5a81-49f0-bc3d-a4ff138216d6}", /* USBDevice */
    "{89786ff1-9c12-402f-9c9e-17753c7f4375}", /* CopyProtection */
    "{8ecc055d-047f-11d1-a537-0000f8753ed1}", /* LegacyDriver */
    "{997b5d8d-c442-4f2e-baf3-9c8e671e9e21}", /* SideShow */
    "{a0a588a4-c46f-4b37-b7ea-c82fe89870c6}", /* SDHost */
    "{a0a701c0-a511-42ff-aa6c-06dc0395576f}", /* Encryption */
    "{b1d1a169-c54f-4379-81db-bee7d88d7454}", /* AntiVirus */
    "{b86dff51-a31e-4bac-b3cf-e8cfe75c9fc2}", /* ActivityMonitor */
    "{bbbe8734-08fa-4966-b6a6-4e5ad010cdd7}", /* USBFunctionController */
    "{c06ff265-ae09-48f0-812c-16753d7cba83}", /* AVC */
    "{c166523c-fe0c-4a94-a586-f1a80cfbbf3e}", /* AudioEndpoint */
    "{c459df55-db08-11d1-b009-00a0c9081ff6}", /* Enum1394 */
    "{ca3e7ab9-b4c3-4ae6-8251-579ef933890f}", /* Camera */
    "{cdcf0939-b75b-4630-bf76-80f7ba655884}", /* CFSMetaDataServer */
    "{ce5939ae-ebde-11d0-b181-0000f8753ec4}", /* MediumChanger */
    "{d02bc3da-0c8e-4945-9bd5-f1883c226c8c}", /* SecurityEnhancer */
    "{d45b1c18-c8fa-11d1-9f77-0000f805f530}", /* APMSupport */
    "{d48179be-ec20-11d1-b6b8-00c04fa372a7}", /* SBP2 */
    "{d546500a-2aeb-45f6-9482-f4b1799c3177}", /* HSM */
    "{d612553d-06b1-49ca-8938-e39ef80eb16f}", /* Holographic */
    "{d94ee5d8-d189-4994-83d2-f68d7d41b0e6}", /* SecurityDevices */
    "{e0cbf06c-cd8b-4647-bb8a-263b43f0f974}", /* Bluetooth */
    "{e2f84ce7-8efa-411c-aa69-97454ca4cb57}", /* Extension */
    "{e55fa6f9-128c-4d04-abab-630c74b1453a}", /* Infrastructure */
    "{e6f1aa1c-7f3b-4473-b2e8-c97d8ac71d53}", /* UCM */
    "{eec5ad98-8080-425f-922a-dabf3de3f69a}", /* WPD */
    "{f2e7dd72-6468-4e36-b6f1-6488f42c1b52}", /* Firmware */
    "{f3586baf-b5aa-49b5-8d6c-0569284c639f}", /* Compression */
    "{f8ecafa6-66d1-41a5-899b-66585d7216b7}", /* OpenFileBackup */
    "{fe8f1572-c67a-48c0-bbac-0b5c6d66cafb}", /* Undelete */
};

bool rm_inf_is_system_class(rm_str class_guid) {
    for (size_t i = 0; i < sizeof system_classes / sizeof system_classes[0]; i++) {
        if (rm_str_ieq(class_guid, rm_str_from(system_classes[i]))) {
            return true;
        }
    }
    return false;
}

static rm_status add_class(rm_inf_set *set, rm_inf_package *package,
                           const rm_inf_section *section) {
    rm_inf_lines_read lines;
    rm_inf_class class = {.name = section->name};
    rm_status st = rm_inf_gather(set, set->main, section->name, &lines);
    if (st == RM_OK) {
        st = rm_inf_values_added(set, &lines.items, &class.values);
    }
    if (st == RM_OK) {
        st = rm_inf_filters_listed(set, &class.values, &class.filters);
    }
    rm_inf_class *kept = st == RM_OK ? rm_push(set->arena, &package->classes) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = class;
    return RM_OK;
}

/* "ClassInstall32" and "ClassInstall32.ntamd64", but not "ClassInstall32.Services". */
rm_status rm_inf_classes_read(rm_inf_set *set, rm_inf_package *package) {
    const rm_str name = RM_STR("ClassInstall32");
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < set->main->distinct; i++) {
        const rm_inf_section *section = &set->main->sections.at[set->main->by_name[i]];
        rm_inf_target target;
        if (!rm_str_istarts(section->name, name)) {
            continue;
        }
        rm_str rest = rm_str_slice(section->name, name.len, section->name.len);
        if (rest.len == 0 || (rm_str_starts(rest, RM_STR(".")) &&
                              rm_inf_target_parse(rm_str_slice(rest, 1, rest.len), &target))) {
            st = add_class(set, package, section);
        }
    }
    package->creates_class =
        package->classes.count > 0 && !rm_inf_is_system_class(package->class_guid);
    return st;
}
