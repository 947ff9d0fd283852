import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {addFieldDependencies, makeActiveField} from "@web/model/relational_model/utils";
import {FormController} from "@web/views/form/form_controller";
import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";

/**
 * A list reads its optional columns also while they are hidden. A column with the option
 * `load_when_shown` is read only once its user shows it, so that nobody else's list, or
 * form with a list in it, gets slower by it.
 */

function getLazyColumns(archInfo) {
    return archInfo.columns.filter(
        (column) =>
            column.type === "field" &&
            column.optional &&
            column.options?.load_when_shown
    );
}

/** The column's widget may read other fields beside its own. */
function getDependencies(column) {
    const dependencies = column.field?.fieldDependencies || [];
    return typeof dependencies === "function" ? dependencies(column) : dependencies;
}

/** The host's key names all fields read, and these change when a column is shown. */
function getStorageKey(resModel, viewId, fieldName = "") {
    return `optional_fields,${resModel},list,${viewId},${fieldName}load_when_shown`;
}

/** Take what only hidden columns need out of the fields to read. */
function leaveHidden(archInfo, activeFields, key) {
    const shown = (browser.localStorage.getItem(key) || "").split(",");
    const names = (columns) =>
        columns.flatMap((column) => [
            column.name,
            ...getDependencies(column).map(({name}) => name),
        ]);
    const isHidden = ({name, optional}) => optional === "hide" && !shown.includes(name);
    const lazy = getLazyColumns(archInfo);
    const kept = names(
        archInfo.columns.filter(
            (column) =>
                column.type === "field" && !(lazy.includes(column) && isHidden(column))
        )
    );
    for (const name of names(lazy.filter(isHidden))) {
        if (!kept.includes(name)) {
            delete activeFields[name];
        }
    }
}

patch(ListController.prototype, {
    get modelParams() {
        const params = super.modelParams;
        if (
            getLazyColumns(this.archInfo).length &&
            !this.props.state?.modelState?.config
        ) {
            const key = getStorageKey(this.props.resModel, this.env.config.viewId);
            leaveHidden(this.archInfo, params.config.activeFields, key);
        }
        return params;
    },
});

patch(FormController.prototype, {
    setup() {
        super.setup();
        // the fields to read are known only when the model is about to load
        const load = this.model.load.bind(this.model);
        this.model.load = (...args) => {
            this.leaveHiddenColumns();
            return load(...args);
        };
    },
    leaveHiddenColumns() {
        if (this.hiddenColumnsLeft) {
            return;
        }
        this.hiddenColumnsLeft = true;
        for (const {name, viewMode, views} of Object.values(this.archInfo.fieldNodes)) {
            const archInfo = viewMode === "list" && views?.list;
            if (archInfo && getLazyColumns(archInfo).length) {
                const {related} = this.model.config.activeFields[name];
                const {viewId} = this.env.config;
                leaveHidden(
                    archInfo,
                    related.activeFields,
                    getStorageKey(this.props.resModel, viewId, `${name},`)
                );
            }
        }
    },
});

patch(ListRenderer.prototype, {
    setup() {
        super.setup();
        const {archInfo, list, nestedKeyOptionalFieldsData: nested} = this.props;
        if (getLazyColumns(archInfo).length) {
            this.keyOptionalFields = getStorageKey(
                nested?.model || list.resModel,
                this.env.config.viewId,
                nested ? `${nested.field},` : ""
            );
        }
    },
    async toggleOptionalField(fieldName) {
        await super.toggleOptionalField(fieldName);
        const {archInfo, list, nestedKeyOptionalFieldsData} = this.props;
        const column = getLazyColumns(archInfo).find(({name}) => name === fieldName);
        const {activeFields, fields} = list.config;
        if (!column || !activeFields || activeFields[fieldName]) {
            return;
        }
        activeFields[fieldName] = makeActiveField({readonly: true});
        addFieldDependencies(activeFields, fields, getDependencies(column));
        // what is not saved yet stays, and the column is filled by saving it
        if (!nestedKeyOptionalFieldsData || !(await list.model.root.isDirty())) {
            await list.model.load();
        }
    },
});
